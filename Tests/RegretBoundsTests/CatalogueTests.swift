import ExactArithmetic
import RegretBounds
import TestSupport
import Testing

@Suite("The catalogue of bounds")
struct CatalogueTests {
  private let unit = Rational(Integer(1), Integer(10).power(20))

  @Test("worked values: the enclosure holds the reference", .tags(.worked))
  func enclosed() throws {
    for row in WorkedValues.enclosed {
      let bound = try BoundCatalogue.certified(named: row.name)
      let value = try bound(WorkedValues.parameters(row.parameters))
      let lower = try #require(Rational(row.lower))
      let reference = Enclosure(lower: lower, upper: lower + unit)
      // A cell of 2^-20 holds the reference; one far finer lies in it.
      let fine = try value.enclosure(bits: 140)
      #expect(
        reference.contains(fine), "\(row.name) \(row.parameters): \(fine.decimal(digits: 24))")
      let shown = try value.instance.shownValue()
      #expect(shown.contains(fine), "\(row.name)")
      let scale = max(1, shown.upper.magnitude)
      #expect(shown.width * Rational(1_000_000_000_000) <= scale, "\(row.name)")
    }
  }

  @Test("worked values that are rational come out exactly", .tags(.worked))
  func exact() throws {
    for row in WorkedValues.exact {
      let bound = try BoundCatalogue.certified(named: row.name)
      let value = try bound(WorkedValues.parameters(row.parameters)).enclosure(bits: 64)
      #expect(
        value == Enclosure(try #require(Rational(row.value))), "\(row.name) \(row.parameters)")
    }
  }

  @Test("values of which some digits are known", .tags(.worked))
  func truncated() throws {
    for row in WorkedValues.truncated {
      let bound = try BoundCatalogue.bound(named: row.name)
      let value = try bound.instance(WorkedValues.parameters(row.parameters)).enclosure(bits: 100)
      let text = value.lower.decimal(digits: 30)
      #expect(text.hasPrefix(row.digits), "\(row.name) \(row.parameters): \(text)")
    }
    for row in WorkedValues.exactRates {
      let rate = try BoundCatalogue.bound(named: row.name)
      #expect(rate.kind == "rate")
      let value = try rate.instance(WorkedValues.parameters(row.parameters)).enclosure(bits: 64)
      #expect(value == Enclosure(try #require(Rational(row.value))), "\(row.name)")
    }
  }

  @Test("the published constant stands beside the proved one")
  func published() throws {
    let bound = try BoundCatalogue.certified(named: "ucrl2-lower")
    let instance = try bound(["S": 10, "A": 10, "D": 20, "T": 2000]).instance
    let companions = try instance.shownCompanions()
    let published = try #require(companions.first)
    #expect(published.name == "published")
    #expect(try instance.shownValue().upper < published.value.lower)
  }

  @Test("enclosures shrink with the precision and stay nested", .tags(.metamorphic))
  func nested() throws {
    for row in WorkedValues.enclosed {
      let bound = try BoundCatalogue.certified(named: row.name)
      let value = try bound(WorkedValues.parameters(row.parameters))
      var last: Enclosure?
      for bits in [0, 1, 7, 20, 33, 64, 65, 127, 200, 500] {
        let next = try value.enclosure(bits: bits)
        #expect(next.width <= Rational(Integer(1), Integer(2).power(UInt(bits))), "\(row.name)")
        if let last { #expect(last.contains(next), "\(row.name) at \(bits) bits") }
        last = next
      }
    }
  }

  @Test("scaling rewards scales regret and suboptimality", .tags(.metamorphic))
  func scaling() throws {
    for (name, text) in [
      ("ucrl-vtr", "H=5 K=1000 d=3 M=1 L2=3 B2=1 delta=1/100"),
      ("ucrl-rfe-explicit", "H=5 K=1000 d=3 M=1 L2=3 B2=1 delta=1/100"),
      ("hoeffding", "n=100 range=1 sides=2 delta=1/20"),
      ("azuma", "n=100 range=1 sides=2 delta=1/20"),
    ] {
      let bound = try BoundCatalogue.certified(named: name)
      var parameters = WorkedValues.parameters(text)
      let one = try bound(parameters).enclosure(bits: 100)
      for factor in [Rational(7, 3), 10] {
        let key = parameters["M"] != nil ? "M" : "range"
        parameters[key] = factor
        let scaled = try bound(parameters).enclosure(bits: 100)
        #expect((one * factor).overlaps(scaled), "\(name)")
      }
    }
  }

  @Test("the determinant at its bound gives the same radius", .tags(.differential))
  func determinant() throws {
    let shared: [String: Rational] = [
      "R": 2, "B2": Rational(5, 9), "delta": Rational(1, 100), "lambda": Rational(3, 2),
    ]
    let traces = shared.merging(["n": 40, "d": 3, "X2": 9]) { $1 }
    let ratio = (1 + Rational(40 * 9) / (3 * Rational(3, 2))).power(3)
    let determinants = shared.merging(["detRatio": ratio]) { $1 }
    let one = try BoundCatalogue.certified(named: "self-normalized")(traces)
    let other = try BoundCatalogue.certified(named: "self-normalized-det")(determinants)
    #expect(try one.enclosure(bits: 200).overlaps(other.enclosure(bits: 200)))
  }

  @Test("the least number of episodes is the least")
  func episodes() throws {
    let needed = try BoundCatalogue.certified(named: "ucrl-rfe-explicit-episodes")
    let attained = try BoundCatalogue.certified(named: "ucrl-rfe-explicit")
    for text in [
      "H=5 d=3 M=1 L2=3 B2=1 delta=1/100 epsilon=1/10",
      "H=2 d=2 M=1 L2=2 B2=5/9 delta=1/20 epsilon=1/4",
      "H=3 d=1 M=3 L2=1/2 B2=0 delta=1/3 epsilon=3", "H=2 d=4 M=2 L2=0 B2=1 delta=1/20 epsilon=1",
    ] {
      var parameters = WorkedValues.parameters(text)
      let least = try needed(parameters).enclosure(bits: 0).lower
      let epsilon = try #require(parameters["epsilon"])
      parameters["epsilon"] = nil
      parameters["K"] = least
      #expect(try attained(parameters).isAtMost(epsilon) == .true, "\(text)")
      parameters["K"] = least - 1
      if least > 1 { #expect(try attained(parameters).isAtMost(epsilon) == .false, "\(text)") }
    }
  }

  @Test("no lower bound is above the upper bound of its own setting", .tags(.metamorphic))
  func consistent() throws {
    let below = try BoundCatalogue.certified(named: "linear-mixture-regret-lower")
    let above = try BoundCatalogue.certified(named: "ucrl-vtr-inhomogeneous")
    for (H, d, K) in [(2, 2, 4), (10, 5, 10_000), (7, 3, 14), (4, 9, 1_000_000)] {
      let delta = Rational(1, 20)
      // The gap of the hard chain for δ = 1/H.
      let least = try below(["H": Rational(H), "d": Rational(d), "K": Rational(K)])
      let norm = (1 + Rational(d - 1)).power(2)
      let most = try above([
        "H": Rational(H), "K": Rational(K), "d": Rational(d), "M": Rational(H), "L2": 1,
        "B2": norm, "delta": delta,
      ])
      let slack = delta * Rational(K * H)
      let (lower, upper) = (try least.enclosure(bits: 40), try most.enclosure(bits: 40))
      #expect(lower.upper <= upper.lower + slack)
    }
  }
}
