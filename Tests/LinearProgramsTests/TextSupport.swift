import ExactArithmetic
import ExactJSON
import LinearPrograms
import Testing

/// The program that a text holds.
func program(
  _ text: String, _ format: LinearProgramFormat = .lp
) throws(InputError) -> LinearProgram {
  try LinearProgramFile.read(bytes: Array(text.utf8), name: "a.txt", format: format)
}

/// The message of the error that a text ends with.
func message(_ text: String, _ format: LinearProgramFormat = .lp) -> String {
  do throws(InputError) {
    _ = try program(text, format)
    return "(read without an error)"
  } catch {
    return "\(error)"
  }
}

func text(
  of program: LinearProgram, _ format: LinearProgramFormat = .lp
) throws(LinearProgramError) -> String {
  String(decoding: try LinearProgramFile.bytes(of: program, as: format), as: UTF8.self)
}

extension LinearProgram {
  /// A small program with every kind of bounds and all kinds of numbers.
  ///
  /// - Parameter isPlain: leaves out what GLPK cannot read: fractions without finite decimals, a
  ///   constant, crossed sides.
  static func random(
    using random: inout some RandomNumberGenerator, isPlain: Bool = false
  ) -> LinearProgram {
    var builder = LinearProgramBuilder(
      name: isPlain ? "" : "some title",
      direction: isPlain || Bool.random(using: &random) ? .minimize : .maximize)
    func number() -> Rational {
      switch Int.random(in: 0..<(isPlain ? 4 : 8), using: &random) {
      case 0: 0
      case 1, 2: Rational(Int.random(in: -5...5, using: &random))
      case 3: Rational(Int.random(in: -500...500, using: &random), 100)
      case 4: Rational(Int.random(in: -9...9, using: &random), 7)
      case 5: Rational("1e\(Int.random(in: -40...40, using: &random))")!
      case 6: -Rational("123456789123456789e\(Int.random(in: -30...10, using: &random))")!
      default: Rational(Int.random(in: -99...99, using: &random), 1 << 40)
      }
    }
    func bounds() -> Bounds {
      let (a, b) = (number(), number())
      return switch Int.random(in: 0..<6, using: &random) {
      case 0: .free
      case 1: Bounds(lower: a, upper: nil)
      case 2: Bounds(lower: nil, upper: b)
      case 3: .equal(to: a)
      case 4: .nonNegative
      default: Bounds(lower: min(a, b), upper: max(a, b))
      }
    }
    let columns = Int.random(in: isPlain ? 1...5 : 0...5, using: &random)
    for column in 0..<columns {
      let side = bounds()
      // The names of a program do not repeat, so that nothing fails here.
      _ = try? builder.addColumn(
        "x\(column)", lower: side.lower, upper: side.upper, objective: number())
    }
    builder.setObjectiveConstant(isPlain ? 0 : number())
    for row in 0..<Int.random(in: isPlain ? 1...4 : 0...4, using: &random) {
      var side = bounds()
      if isPlain, side == .free { side = .nonNegative }
      let entries = (0..<columns).filter { _ in Bool.random(using: &random) }
        .map { (column: $0, coefficient: number()) }.shuffled(using: &random)
      _ = try? builder.addRow("c\(row)", lower: side.lower, upper: side.upper, entries: entries)
    }
    return builder.build()
  }
}
