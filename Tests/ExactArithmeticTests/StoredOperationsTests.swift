import ExactArithmetic
import Foundation
import TestSupport
import Testing

/// `Tests/Fixtures/rational-operations.json`: results of Python's `fractions`.
@Suite("Rational against the stored operations")
struct StoredOperationsTests {
  typealias Operation = [String]

  let operations: [String: [Operation]]

  init() throws {
    let file = try Fixture.json("rational-operations.json")
    let all = try #require(file["operations"] as? [Operation])
    try #require(all.count >= 500)
    operations = Dictionary(grouping: all) { $0[0] }
  }

  /// The operations called `name`; the fixture holds some of every name.
  func stored(_ name: String) throws -> [Operation] {
    try #require(operations[name], "no operation \(name)")
  }

  @Test("the table holds the names that these tests cover and no other")
  func names() {
    let covered: Set = [
      "add", "subtract", "multiply", "divide", "compare", "floor", "ceiling", "power", "parse",
      "double", "decimal",
    ]
    #expect(Set(operations.keys) == covered)
  }

  @Test(
    "sums, differences, products and quotients",
    arguments: ["add", "subtract", "multiply", "divide"])
  func arithmetic(name: String) throws {
    for operation in try stored(name) {
      let a = try #require(Rational(operation[1]))
      let b = try #require(Rational(operation[2]))
      let result =
        switch name {
        case "add": a + b
        case "subtract": a - b
        case "multiply": a * b
        default: a / b
        }
      #expect("\(result)" == operation[3], "\(operation)")
      #expect(Rational(operation[3]) == result, "not canonical: \(operation)")
    }
  }

  @Test("comparisons")
  func comparison() throws {
    for operation in try stored("compare") {
      let a = try #require(Rational(operation[1]))
      let b = try #require(Rational(operation[2]))
      let sign = a < b ? -1 : a == b ? 0 : 1
      #expect("\(sign)" == operation[3], "\(operation)")
      #expect((b < a) == (sign > 0), "\(operation)")
      #expect((a.hashValue == b.hashValue) || sign != 0, "\(operation)")
    }
  }

  @Test("floors and ceilings")
  func rounding() throws {
    for operation in try stored("floor") {
      #expect("\(try #require(Rational(operation[1])).floor)" == operation[2], "\(operation)")
    }
    for operation in try stored("ceiling") {
      #expect("\(try #require(Rational(operation[1])).ceiling)" == operation[2], "\(operation)")
    }
  }

  @Test("powers")
  func powers() throws {
    for operation in try stored("power") {
      let base = try #require(Rational(operation[1]))
      let exponent = try #require(Int(operation[2]))
      #expect("\(base.power(exponent))" == operation[3], "\(operation)")
    }
  }

  @Test("texts that are numbers and texts that are none")
  func parsing() throws {
    for operation in try stored("parse") {
      #expect(Rational(operation[1])?.description ?? "error" == operation[2], "\(operation)")
    }
  }

  @Test("nearest doubles, ties to even, with subnormals and infinities")
  func doubles() throws {
    for operation in try stored("double") {
      let value = try #require(Rational(operation[1]))
      let expected = try #require(Double(operation[2]))
      let actual = Double(value)
      #expect(actual.bitPattern == expected.bitPattern, "\(operation), got \(actual)")
    }
  }

  @Test("decimal renderings")
  func decimals() throws {
    for operation in try stored("decimal") {
      let value = try #require(Rational(operation[1]))
      let digits = try #require(Int(operation[2]))
      #expect(value.decimal(digits: digits) == operation[3], "\(operation)")
    }
  }
}
