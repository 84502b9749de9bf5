import ExactArithmetic
import TestSupport
import Testing

@testable import RegretBounds

@Suite("Questions about bounds")
struct QuestionTests {
  @Test("the least number of samples is the closed form")
  func samples() throws {
    let bound = try BoundCatalogue.certified(named: "hoeffding")
    let closed = try BoundCatalogue.certified(named: "hoeffding-samples")
    for (range, sides, delta, epsilon) in [
      ("1", "2", "1/20", "1/10"), ("4", "1", "1/1000", "1/50"), ("3", "1", "1/2", "7"),
    ] {
      let numbers = WorkedValues.parameters("range=\(range) sides=\(sides) delta=\(delta)")
      let target = try #require(Rational(epsilon))
      let least = try bound.least("n", with: numbers, target: target)
      let expected = try closed(numbers.merging(["epsilon": target]) { $1 }).enclosure(bits: 0)
      #expect(Rational(least) == expected.lower)
    }
  }

  @Test("the least T for an average regret is the least", .tags(.worked))
  func average() throws {
    let bound = try BoundCatalogue.certified(named: "ucrl2")
    var numbers = WorkedValues.parameters("D=106045/7203 S=6 A=2 delta=1/20")
    let least = try bound.least("T", with: numbers, target: 1, per: "T")
    for (T, isReached) in [(least, true), (least - 1, false)] {
      numbers["T"] = Rational(T)
      #expect(try bound(numbers).isAtMost(Rational(T)) == (isReached ? .true : .false))
    }
    // 4.12 · 10^8 in the note.
    #expect(least > 411_000_000 && least < 413_000_000)
  }

  @Test("the first integer of a property that comes and goes", arguments: 0..<6)
  func search(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    for _ in 0..<8 {
      // A parabola that is at most 0 between its roots only, and one that never is.
      let (low, high) = (Rational(Int(random.below(400)), 3), Rational(500 + Int(random.below(50))))
      let n: Formula = "n"
      let product: Formula = (n - .number(low)) * (n - .number(high))
      let search = IntegerSearch(variable: "n", values: [:])
      let inside = Formula.Comparison(left: product, relation: .atMost, right: 0)
      let first = try search.least { evaluator throws(BoundError) in
        try evaluator.answer(to: inside)
      }
      #expect(first == max(1, low.ceiling))
      let outside = Formula.Comparison(left: 1, relation: .atMost, right: product)
      let past = try search.least(from: low.ceiling + 1) { evaluator throws(BoundError) in
        try evaluator.answer(to: outside)
      }
      #expect(past == high.numerator + 1)
    }
  }

  @Test("conditions hold at the answer, and there may be none")
  func conditions() throws {
    let below = try BoundCatalogue.certified(named: "two-state-lower")
    // The bound grows with T, and is claimed from T = A D on only.
    let least = try below.least("T", with: ["A": 10, "D": 3], target: 100)
    #expect(least == 30)
    #expect(throws: BoundError.self) {
      try below.least("T", with: ["A": 10, "D": 3], target: Rational(1, 2))
    }
    #expect(throws: BoundError.self) {
      try BoundCatalogue.certified(named: "hoeffding").least(
        "delta", with: ["n": 1, "range": 1, "sides": 1], target: 1)
    }
    #expect(throws: BoundError.self) {
      try BoundCatalogue.certified(named: "hoeffding").least(
        "K", with: ["n": 1, "range": 1, "sides": 1], target: 1)
    }
  }

  @Test("where two bounds cross, they change their order")
  func crossover() throws {
    let bernstein = try BoundCatalogue.certified(named: "bernstein")
    let hoeffding = try BoundCatalogue.certified(named: "hoeffding")
    let own = WorkedValues.parameters("variance=1/100 b=1 sides=1 delta=1/20")
    let others = WorkedValues.parameters("range=1 sides=1 delta=1/20")
    let (at, isSmaller) = try bernstein.crossover(with: hoeffding, over: "n", own, others)
    #expect(isSmaller)
    for (n, expected) in [(at, true), (at - 1, false)] {
      let count = ["n": Rational(n)]
      let left = try bernstein(own.merging(count) { $1 }).enclosure(bits: 100)
      let right = try hoeffding(others.merging(count) { $1 }).enclosure(bits: 100)
      #expect((left.upper <= right.lower) == expected)
    }
  }

  @Test("a sweep has its ends, whole numbers and the trivial bound")
  func sweep() throws {
    let bound = try BoundCatalogue.bound(named: "ucrl2")
    let numbers = WorkedValues.parameters("D=10 S=6 A=2 delta=1/20")
    let sweep = try Sweep(of: bound, over: "T", numbers, range: 1...1_000_000, count: 13)
    // T = 1 is out of range.
    #expect(sweep.skipped.count == 1)
    #expect(sweep.points.first?.argument == 3)
    #expect(sweep.points.last?.argument == 1_000_000)
    for point in sweep.points {
      #expect(point.argument.isInteger && point.trivial == point.argument)
      let value = try bound.instance(numbers.merging(["T": point.argument]) { $1 })
      #expect(try value.shownValue() == point.value)
    }
    let deltas = try Sweep(
      of: BoundCatalogue.bound(named: "hoeffding"), over: "delta",
      WorkedValues.parameters("n=100 range=1 sides=2"), range: Rational(1, 1000)...Rational(1, 2),
      count: 5)
    #expect(deltas.points.count == 5)
    #expect(zip(deltas.points, deltas.points.dropFirst()).allSatisfy { $0.argument < $1.argument })
    #expect(throws: BoundError.self) {
      try Sweep(of: bound, over: "T", numbers, range: 0...10)
    }
  }

  @Test("parameters as they are typed")
  func text() throws {
    #expect(
      try ParameterText.numbers(["a=1/3", "b=1e3"]) == ["a": Rational(1, 3), "b": 1000])
    for bad in [["a"], ["=1"], ["a="], ["a=x"], ["a=1/0"], ["a=1", "a=2"], ["a=1e999999999"]] {
      #expect(throws: BoundError.self, "\(bad)") { try ParameterText.numbers(bad) }
    }
    let (key, range) = try ParameterText.range("T=1e3..1e9")
    #expect(key == "T" && range == 1000...1_000_000_000)
    for bad in ["T", "T=1", "T=1..", "T=2..1", "T=..2"] {
      #expect(throws: BoundError.self, "\(bad)") { try ParameterText.range(bad) }
    }
  }
}
