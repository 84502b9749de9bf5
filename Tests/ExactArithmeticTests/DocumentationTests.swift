import ExactArithmetic
import Testing

@Suite("The example of the module's first page")
struct DocumentationTests {
  @Test("runs as written")
  func example() throws {
    let p = try Rational(parsing: "0.1")
    let q = Rational(1, 3) + p
    #expect(q == Rational(13, 30))
    #expect(q.decimal(digits: 4) == "0.4333")
    #expect(Double(q) == 13.0 / 30)
    #expect(
      Rational(exactly: 0.1) == Rational(3_602_879_701_896_397, 36_028_797_018_963_968))
    let root = try Enclosure(2).squareRoot(bits: 64)
    #expect(root.isLess(than: Enclosure(Rational(3, 2))) == .true)
  }
}
