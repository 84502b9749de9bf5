import ExactArithmetic
import RegretBounds
import TestSupport
import Testing

@Suite("The example of the module's first page")
struct DocumentationTests {
  @Test("runs as written")
  func example() throws {
    let bound = try BoundCatalogue.certified(named: "hoeffding")
    let value = try bound(["n": 100, "range": 1, "sides": 2, "delta": Rational(1, 20)])
    #expect(try value.enclosure(bits: 100).decimal(digits: 12) == "0.135810151574")
    #expect(try value.admits(Rational(1, 10)) == .true)
    #expect(Rational(1, 10) <= value)
    #expect(
      bound.description.formula.explained == "range √(ℓ/(2 n)), where ℓ = log(sides/delta)")
    let least = try bound.least(
      "n", with: ["range": 1, "sides": 2, "delta": Rational(1, 20)], target: Rational(1, 10))
    #expect(least == 185)
  }
}
