import ExactArithmetic

/// Base states with twins whose rewards differ by at most a tiny power of ten, and decision
/// states that choose between them: doubles cannot tell which action is better.
struct NearTie: FamilyDescription {
  private let stateCount: Int
  private let gapExponent: Int
  private let seed: FamilySeed

  private static let largestExponent = 10_000

  init(_ options: FamilyOptions) throws(FamilyError) {
    stateCount = try options.integer("states") ?? 30
    try require(stateCount >= 9, "near-tie: --states must be at least 9")
    gapExponent = try options.integer("gap-exponent") ?? 18
    try require(
      (0...Self.largestExponent).contains(gapExponent),
      "near-tie: --gap-exponent must be between 0 and \(Self.largestExponent)")
    seed = try options.seed()
  }

  /// The number of base states, and of twins.
  private var baseCount: Int { stateCount / 3 }

  var title: String {
    "near-tie --states \(stateCount) --gap-exponent \(gapExponent) --seed \(seed)"
  }
  var states: FamilyNames { .count(stateCount) }
  var actions: FamilyNames { .list(["go", "base", "twin"]) }
  var initial: Int { 2 * baseCount }
  var discount: Rational? { Rational(9, 10) }

  /// What is drawn for a base state; its twin has the same law over twins and decision states.
  private struct Base {
    /// Targets below ``baseCount`` are base states, the others decision states less
    /// ``baseCount``.
    let targets: [Int]
    let numerators: [Int]
    let tenths: Int
    /// -1, 0 or 1: what is added to the twin's reward, in units of the gap.
    let excess: Int
  }

  func forEachRow<Failure: Error>(
    _ body: (inout GeneratedRow) throws(Failure) -> Void
  ) throws(Failure) {
    var random = SplitMix64(seed: seed.bits)
    var row = GeneratedRow()
    var sixtieths = NumeratorTable(denominator: 60)
    let bases = (0..<baseCount).map { _ in drawBase(&random) }
    let gap = Rational(1, Integer(10).power(UInt(gapExponent)))
    for twin in 0..<2 {
      for (place, base) in bases.enumerated() {
        row.start(place + twin * baseCount, 0)
        // Moving base states by less than the number of base states keeps the order.
        for (target, numerator) in zip(base.targets, base.numerators) {
          row.add(
            target + (target < baseCount ? twin * baseCount : baseCount),
            sixtieths.term(numerator, in: &row.terms))
        }
        row.addRewardUnlessZero(Rational(base.tenths, 10) + Rational(twin * base.excess) * gap)
        try body(&row)
      }
    }
    try forEachDecision(&random, &row, body)
  }

  private func forEachDecision<Failure: Error>(
    _ random: inout SplitMix64, _ row: inout GeneratedRow,
    _ body: (inout GeneratedRow) throws(Failure) -> Void
  ) throws(Failure) {
    var law = DrawnLaw(denominator: 60)
    for state in (2 * baseCount)..<stateCount {
      law.drawSuccessors(3, below: baseCount, using: &random)
      law.drawNumerators(using: &random)
      let reward = Rational(random.drawTenths(), 10)
      for twin in 0..<2 {
        row.start(state, 1 + twin)
        law.add(to: &row, offset: twin * baseCount)
        row.addRewardUnlessZero(reward)
        try body(&row)
      }
    }
  }

  private func drawBase(_ random: inout SplitMix64) -> Base {
    var targets: [Int] = []
    var numerators: [Int] = []
    random.drawDistinct(3, below: stateCount - baseCount, into: &targets)
    random.drawParts(of: 60, count: 3, into: &numerators)
    let tenths = random.drawTenths()
    return Base(
      targets: targets, numerators: numerators, tenths: tenths, excess: random.draw(3) - 1)
  }
}
