import ExactArithmetic
import RegretBounds
import TestSupport
import Testing

@Suite("The rules of bounds")
struct BoundRulesTests {
  private func error(_ name: String, _ text: String) -> BoundError? {
    do throws(BoundError) {
      _ = try BoundCatalogue.bound(named: name).instance(WorkedValues.parameters(text))
      return nil
    } catch {
      return error
    }
  }

  @Test("names are unique, every entry explains itself")
  func entries() {
    let names = BoundCatalogue.all.map(\.name)
    #expect(Set(names).count == names.count)
    for bound in BoundCatalogue.all {
      let description = bound.description
      #expect(!description.source.isEmpty, "\(bound.name)")
      #expect(!description.formula.description.isEmpty && !description.formula.latex.isEmpty)
      let known = Set(description.parameters.map(\.name))
      #expect(known.isSuperset(of: description.formula.parameterNames), "\(bound.name)")
      #expect(known.isSuperset(of: description.trivial?.parameterNames ?? []), "\(bound.name)")
      let latex = description.formula.latexExplained
      #expect(latex.filter { $0 == "{" }.count == latex.filter { $0 == "}" }.count)
    }
  }

  @Test("formulas as text")
  func text() throws {
    let hoeffding = try BoundCatalogue.bound(named: "hoeffding").description.formula
    #expect(hoeffding.explained == "range √(ℓ/(2 n)), where ℓ = log(sides/delta)")
    #expect(hoeffding.latex == "\\mathit{range}\\,\\sqrt{\\frac{\\ell}{2\\,n}}")
    let mixture = try BoundCatalogue.bound(named: "ucrl-vtr").description.formula
    #expect(
      mixture.description
        == "2 β √(n Λ) + M √(2 n log(2/delta)) + [lambda < (H - 1) L2 M²] (H - 1) M Λ + K H grid")
  }

  @Test("parameters: unknown, missing, out of range, and conditions of theorems")
  func refusals() {
    #expect(error("hoeffding", "n=1 range=1 sides=1 delta=1/2") == nil)
    #expect(error("hoeffding", "n=1 range=1 sides=1") == .missing(parameter: "delta"))
    guard case .unknownParameter("m", _, _)? = error("hoeffding", "m=1") else {
      Issue.record("m is no parameter")
      return
    }
    for (name, text, parameter) in [
      ("hoeffding", "n=1/2 range=1 sides=1 delta=1/2", "n"),
      ("hoeffding", "n=0 range=1 sides=1 delta=1/2", "n"),
      ("hoeffding", "n=1 range=-1 sides=1 delta=1/2", "range"),
      ("hoeffding", "n=1 range=1 sides=3 delta=1/2", "sides"),
      ("hoeffding", "n=1 range=1 sides=1 delta=1", "delta"),
      ("hoeffding", "n=1 range=1 sides=1 delta=0", "delta"),
      ("weissman", "n=1 S=1 delta=1/2", "S"), ("ucrl2", "D=1/2 S=2 A=1 T=2 delta=1/2", "D"),
      ("uclk", "d=1 T=4 gamma=1", "gamma"),
      ("ucrl-vtr", "H=5 K=10 d=3 M=0 L2=3 B2=1 delta=1/2", "M"),
      ("ucrl-vtr", "H=5 K=10 d=3 M=1 L2=3 B2=1 delta=1/2 lambda=0", "lambda"),
    ] {
      guard case .outOfRange(parameter, _, _)? = error(name, text) else {
        Issue.record("\(name) \(text): \(String(describing: error(name, text)))")
        continue
      }
    }
  }

  @Test(
    "conditions at their edge",
    arguments: [
      ("ucrl-vtr-inhomogeneous", "H=5 K=10 d=3 M=1 L2=3 B2=1 delta=1/2 lambda=3", true),
      ("ucrl-vtr-inhomogeneous", "H=5 K=10 d=3 M=1 L2=3 B2=1 delta=1/2 lambda=2.999", false),
      ("uclk-explicit", "T=9 d=2 gamma=1/2 L2=2 B2=1 delta=1/20 lambda=8", true),
      ("uclk-explicit", "T=9 d=2 gamma=1/2 L2=2 B2=1 delta=1/20 lambda=7", false),
      ("linear-mixture-regret-lower", "H=7 d=3 K=14", true),
      ("linear-mixture-regret-lower", "H=7 d=3 K=13", false),
      ("linear-mixture-pac-lower", "d=11 epsilon=1/8 delta=0", true),
      ("linear-mixture-pac-lower", "d=11 epsilon=1/7 delta=0", false),
      ("linear-mixture-pac-lower", "d=11 epsilon=1/8 delta=1/4", false),
      ("two-state-lower", "A=10 D=3 T=30", true), ("two-state-lower", "A=10 D=3 T=29", false),
      ("ucrl2-lower", "S=10 A=10 D=20 T=2000", true),
      ("ucrl2-lower", "S=10 A=10 D=19.999 T=2000", false),
      ("ucrl2-lower", "S=100 A=10 D=40 T=40000", true),
      ("ucrl2-lower", "S=101 A=10 D=40 T=40400", false),
      ("ucrl2-lower", "S=32 A=1024 D=12 T=393216", true),
      ("loop-finite", "N=3 B=6/5 H=6/5 T=10 delta=1/20 beta=1", false),
      ("loop-finite", "N=3 B=6/5 H=6/5 T=10 delta=1/20 beta=4", true),
      ("ucrl-rfe-explicit-episodes", "H=5 d=3 M=1 L2=3 B2=1 delta=1/100 epsilon=2", false),
    ])
  func conditions(name: String, text: String, holds: Bool) {
    if holds {
      #expect(error(name, text) == nil)
    } else if case .conditionViolated(name, let condition, let detail)? = error(name, text) {
      #expect(!condition.isEmpty && !detail.isEmpty)
    } else {
      Issue.record("\(name) \(text): \(String(describing: error(name, text)))")
    }
  }

  @Test("comparison with exact numbers is decided, rates refuse it")
  func comparison() throws {
    let value = try BoundCatalogue.certified(named: "hoeffding")(
      WorkedValues.parameters("n=100 range=1 sides=2 delta=1/20"))
    // 0.13581015157406194984…
    let below = try #require(Rational("0.13581015157406194984"))
    #expect(try value.isAtLeast(below) == .true)
    #expect(try value.isAtMost(below) == .false)
    #expect(try value.admits(below) == .true)
    #expect(below <= value)
    #expect(!(value <= below))
    // A difference far below the first precision.
    let fine = try value.enclosure(bits: 4000)
    #expect(try value.isAtLeast(fine.lower) == .true)
    #expect(try value.isAtLeast(fine.upper) == .false)
    #expect(try value.isAtLeast(fine.upper, limit: 64) == .unknown)
    #expect(throws: BoundError.isRate("regal")) { try BoundCatalogue.certified(named: "regal") }
  }

  @Test("an exact value equal to the number is at least and at most it")
  func equal() throws {
    let value = try BoundCatalogue.certified(named: "two-state-lower")(["A": 10, "D": 3, "T": 30])
    #expect(try value.isAtLeast(Rational(57, 50)) == .true)
    #expect(try value.isAtMost(Rational(57, 50)) == .true)
    #expect(try value.admits(1) == .false)
  }

  @Test("the trivial bound says when a bound says nothing")
  func trivial() throws {
    let bound = try BoundCatalogue.certified(named: "ucrl2")
    let text = "D=106045/7203 S=6 A=2 delta=1/20"
    for (T, saysSomething) in [(1_000_000, false), (411_000_000, false), (413_000_000, true)] {
      var parameters = WorkedValues.parameters(text)
      parameters["T"] = Rational(T)
      let value = try bound(parameters)
      #expect(try value.instance.trivialValue() == Rational(T))
      let sentence = try #require(try value.informativeness())
      #expect(sentence.hasPrefix("the bound says something") == saysSomething, "\(sentence)")
    }
  }

  @Test("long numbers give an answer or a refusal, not a crash")
  func long() throws {
    let huge = try #require(Rational("1e4000"))
    let wide = try BoundCatalogue.certified(named: "ucrl2")([
      "D": 2, "S": huge, "A": 2, "T": huge, "delta": 1 / huge,
    ])
    let shown = try wide.instance.shownValue()
    #expect(shown.width * Rational(1_000_000_000_000) <= shown.upper)
    let small = try BoundCatalogue.certified(named: "hoeffding")([
      "n": huge, "range": 1, "sides": 1, "delta": Rational(1, 2),
    ])
    #expect(try small.instance.shownValue().lower.signum > 0)
    #expect(throws: BoundError.self) {
      try BoundCatalogue.certified(named: "weissman")([
        "n": 1, "S": 1_000_000_000_000, "delta": Rational(1, 2),
      ]).enclosure(bits: 1)
    }
  }
}
