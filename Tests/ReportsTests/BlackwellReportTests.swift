import ExactArithmetic
import Foundation
import MDPSolvers
import MarkovDecisionProcesses
import Reports
import TestSupport
import Testing

@Suite("BlackwellReport and DiscountPlot")
struct BlackwellReportTests {
  private func solved(_ text: String) throws -> (model: FiniteMDP, solution: BlackwellSolution) {
    let model = try TinyModel.read(text)
    let problem = try BlackwellProblem(model: model, reward: "default", includesPieces: true)
    return (model, try solve(problem))
  }

  private func text(_ write: (@escaping ByteSink) throws -> Void) throws -> String {
    var bytes: [UInt8] = []
    try write { bytes += $0 }
    return String(decoding: bytes, as: UTF8.self)
  }

  @Test("without an initial law every state has a curve, and names are escaped")
  func curves() throws {
    // C9 of the notes, 1/√3 = 0.577…
    let (model, solution) = try solved(
      "a&b x → e | 1; a&b y → <p>; <p> x → q; q x → e | 3; e x → e")
    let picture = try text {
      try DiscountPlot(solution, of: model, initial: nil).writeSVG(to: $0)
    }
    #expect(picture.contains("state a&amp;b") && picture.contains("state &lt;p&gt;"))
    // Four states with two arcs each, and one dashed line.
    #expect(picture.components(separatedBy: "stroke-width").count - 1 == 8)
    #expect(picture.components(separatedBy: "stroke-dasharray").count - 1 == 1)
    #expect(picture.contains("the root of 3x^2 - 1 between"))
    #expect(!picture.contains("nan") && !picture.contains("inf"))
  }

  @Test("a law draws the mean, a chain without choices one piece")
  func means() throws {
    let (model, solution) = try solved("a x → b | 2; b x → a | 4")
    let law = [(state: State(0), probability: Rational(1, 2)), (State(1), Rational(1, 2))]
    let picture = try text {
      try DiscountPlot(solution, of: model, initial: law).writeSVG(to: $0)
    }
    #expect(picture.contains("initial law") && !picture.contains("stroke-dasharray"))
  }

  @Test("text shows gains that differ, ties, and the value as a function")
  func summary() throws {
    let (model, solution) = try solved("s go → s | 1; s jump → t | 10; t go → t; t stay → t")
    var options = SolutionReport.Options()
    options.initialState = State(0)
    let shown = try text {
      try BlackwellReport(solution, of: model, options: options).writeText(to: $0)
    }
    #expect(shown.contains("Blackwell start   9/10"))
    #expect(shown.contains("state  action  also optimal  gain  bias"))
    #expect(shown.contains("9/10  1     1/(-d + 1)"))
    #expect(shown.contains("t      go      stay          0     0"))
  }
}
