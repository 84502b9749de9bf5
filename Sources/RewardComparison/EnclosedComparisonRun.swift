// What is here: enclosures of spans, span distance and worst-case regret on models too large for
// exact values. Doubles find policies, multipliers and masses; what they are worth is decided by the
// check in `Certificates`. Notation as in WorstCaseRegret.swift: the pair of policies that is best
// for `a - λ b` is the line f - λ g.

import Certificates
import ExactArithmetic
import MDPSolvers
import MarkovDecisionProcesses

/// Encloses the span of every reward, and the span distance and both worst-case regrets of every
/// pair, on models of any size.
///
/// - Complexity: memory proportional to the model and the answer; some twenty approximate solves a
///   pair.
/// - Throws: ``ComparisonError``, ``Interrupted``.
public func encloseComparison(
  _ problem: ComparisonProblem, progress: ProgressHandler = .none
) throws -> EnclosedComparison {
  guard problem.direction == .maximize else { throw ComparisonError.minimizeEnclosed }
  try problem.requireDistinctDirections()
  guard 1 - problem.discount >= Rational(1, 1 << 32) else { throw ComparisonError.outOfRange }
  let evidence = try EnclosedRun(problem, progress).evidence()
  do {
    return try EnclosedComparison(proving: evidence, in: problem.model, progress: progress)
  } catch let rejection as EnclosedComparison.Rejection {
    throw ComparisonError.rejected(rejection.reason)
  }
}

/// The best and the worst policy for a sum of rewards, in doubles.
private struct FloatingPoint {
  /// The place of the reward that is not multiplied.
  let own: Int
  let multiplier: Rational
  let upper: FloatingOptimum
  /// Of the negated sum.
  let lower: FloatingOptimum
  let line: FloatingLine
}

/// Two policies by their masses, one a choice, and their differences in both rewards.
private struct FloatingLine {
  let better: ContiguousArray<Double>
  let worse: ContiguousArray<Double>
  /// In the true reward and in the proxy.
  let f: Double
  let g: Double

  /// The same policies with the rewards, and hence the policies, exchanged.
  var turned: FloatingLine { FloatingLine(better: worse, worse: better, f: -g, g: -f) }
}

/// One run.
private struct EnclosedRun {
  let problem: ComparisonProblem
  let progress: ProgressHandler
  private let solver: FloatingSolver
  private let exact: RewardSolver
  /// The rewards over ``exponents``.
  private let doubles: [ContiguousArray<Double>]
  /// The powers of two that very large and very small rewards are divided by: everything below, but
  /// for the evidence itself, is about the quotients.
  private let exponents: [Int]
  private var model: FiniteMDP { problem.model }

  init(_ problem: ComparisonProblem, _ progress: ProgressHandler) throws {
    self.problem = problem
    self.progress = progress
    solver = FloatingSolver(
      model: problem.model, discount: problem.discount,
      initial: problem.initial.map { (Int($0.state.index), $0.probability) }, progress: progress)
    let exact = try RewardSolver(problem, progress)
    self.exact = exact
    let exponents = problem.model.rewards.indices.map { place in
      Self.exponent(of: exact.evaluator.reward(place))
    }
    self.exponents = exponents
    doubles = exponents.enumerated().map { place, exponent in
      let unit = Rational(1, timesTwoToThe: -exponent)
      let reward = exact.reward(of: RewardCombination([(place, unit)]))
      return ContiguousArray((0..<reward.count).map { reward.double(at: $0) })
    }
  }

  /// 0 where products of rewards and multipliers stay far from the ends of doubles.
  private static func exponent(of reward: PooledVector) -> Int {
    let largest = reward.pool.values.reduce(Rational.zero) { max($0, $1.magnitude) }
    let size = largest.numerator.bitLength - largest.denominator.bitLength
    return largest.isZero || size.magnitude <= 200 ? 0 : size
  }

  func evidence() throws -> ComparisonEvidence {
    let names = problem.rewardNames
    var ranges: [FloatingPoint] = []
    var spans: [Double] = []
    var rewards: [(name: String, evidence: EnclosedComparison.Evidence)] = []
    for place in names.indices {
      progress.report("solving the reward '\(names[place])'")
      let range = try point(own: place, proxy: place, at: 0, near: nil)
      ranges.append(range)
      let evidence = try evidence(range, own: place, proxy: place, range.line)
      let isTrivial = problem.mean(evidence.upperValues) == problem.mean(evidence.lowerValues)
      spans.append(isTrivial ? 0 : range.line.f)
      rewards.append((names[place], evidence))
    }
    var pairs: [ComparisonEvidence.Pair] = []
    let count = names.count * (names.count - 1) / 2
    for first in names.indices {
      for second in first + 1..<names.count {
        progress.report(
          "comparing '\(names[first])' and '\(names[second])'",
          fraction: Double(pairs.count) / Double(count))
        pairs.append(try pair(first, second, ranges, spans))
      }
    }
    return ComparisonEvidence(
      discount: problem.discount, initial: problem.replacesInitial ? problem.initial : nil,
      rewards: rewards, pairs: pairs)
  }

  private func pair(
    _ first: Int, _ second: Int, _ ranges: [FloatingPoint], _ spans: [Double]
  ) throws -> ComparisonEvidence.Pair {
    let ratio =
      spans[first] > 0 && spans[second] > 0 ? spans[first] / spans[second] : 0
    let middle = try point(own: first, proxy: second, at: ratio, near: ranges[first])
    let span = try evidence(middle, own: first, proxy: second, middle.line)
    var regrets: [EnclosedComparison.Evidence] = []
    for direction in 0...1 {
      let (own, proxy) = direction == 0 ? (first, second) : (second, first)
      regrets.append(
        try regret(
          own, proxy, ranges, ratio: ratio == 0 ? nil : (direction == 0 ? ratio : 1 / ratio),
          middle: direction == 0 ? middle.line : middle.line.turned, near: middle))
    }
    return ComparisonEvidence.Pair(first: first, second: second, span: span, regrets: regrets)
  }

  // MARK: - The line search

  private func regret(
    _ own: Int, _ proxy: Int, _ ranges: [FloatingPoint], ratio: Double?, middle: FloatingLine,
    near: FloatingPoint
  ) throws -> EnclosedComparison.Evidence {
    let range = ranges[own]
    var left = line(range.line.better, range.line.worse, own, proxy)
    guard let ratio, left.g > 0 else {
      return try evidence(
        try point(own: own, proxy: proxy, at: 0, near: range), own: own, proxy: proxy, left)
    }
    let near = own == near.own ? near : nil
    var right = middle
    if right.g > 0 {
      left = right
      right = try point(own: own, proxy: proxy, at: 2 * ratio, near: range).line
    }
    var best: FloatingPoint?
    for _ in 0..<60 {
      try progress.checkpoint()
      // Rounding alone keeps the two from being apart.
      guard left.g > right.g else { break }
      let multiplier = max(0, (left.f - right.f) / (left.g - right.g))
      let height = left.f - multiplier * left.g
      // So near that the same multiplier comes out again.
      if let best, best.multiplier == rounded(multiplier) { break }
      let here = try point(own: own, proxy: proxy, at: multiplier, near: best ?? near ?? range)
      best = here
      let width = here.line.f - multiplier * here.line.g
      if width - height <= 1e-11 * range.line.f { break }
      if here.line.g > 0 { left = here.line } else { right = here.line }
    }
    let point = try best ?? point(own: own, proxy: proxy, at: ratio, near: range)
    return try evidence(point, own: own, proxy: proxy, mixed(left, right))
  }

  /// The mixture of two lines that the proxy is indifferent to, but for rounding: the check makes
  /// up for that.
  private func mixed(_ left: FloatingLine, _ right: FloatingLine) -> FloatingLine {
    let weight = left.g > right.g ? min(1, max(0, -right.g / (left.g - right.g))) : 0
    return FloatingLine(
      better: mixed(left.better, right.better, weight),
      worse: mixed(left.worse, right.worse, weight), f: 0, g: 0)
  }

  private func mixed(
    _ a: ContiguousArray<Double>, _ b: ContiguousArray<Double>, _ weight: Double
  ) -> ContiguousArray<Double> {
    ContiguousArray(zip(a, b).map { weight * $0 + (1 - weight) * $1 })
  }

  // MARK: - Points

  /// The best and the worst policy for `r_own - λ r_proxy`.
  private func point(
    own: Int, proxy: Int, at multiplier: Double, near: FloatingPoint?
  ) throws -> FloatingPoint {
    let short = rounded(multiplier)
    let sum = combination(own, proxy, short)
    let upper = try solver.best(for: exact.reward(of: sum), from: near?.upper)
    let lower = try solver.best(for: exact.reward(of: -sum), from: near?.lower)
    return FloatingPoint(
      own: own, multiplier: short, upper: upper, lower: lower,
      line: line(try masses(upper.policy), try masses(lower.policy), own, proxy))
  }

  private func combination(_ own: Int, _ proxy: Int, _ multiplier: Rational) -> RewardCombination {
    let units = [own, proxy].map { Rational(1, timesTwoToThe: -exponents[$0]) }
    return RewardCombination(
      own == proxy
        ? [(own, units[0])] : [(own, units[0]), (proxy, -multiplier * units[1])])
  }

  /// A simple fraction if one is near, where equivalent rewards cancel; else 44 significant bits, so
  /// that sums of rewards stay short.
  private func rounded(_ multiplier: Double) -> Rational {
    guard multiplier.isNormal, let exact = Rational(exactly: multiplier) else { return 0 }
    let simple = exact.snapped
    if simple.numerator.bitLength + simple.denominator.bitLength <= 24 { return simple }
    let bits = 44 - Int(multiplier.exponent)
    return Rational(exact.floor(timesTwoToThe: bits), timesTwoToThe: -bits)
  }

  private func masses(_ policy: ContiguousArray<Int32>) throws -> ContiguousArray<Double> {
    let states = try solver.occupancy(of: policy)
    var masses = ContiguousArray(repeating: 0.0, count: model.choiceCount)
    for state in states.indices { masses[Int(policy[state])] = states[state] }
    return masses
  }

  private func line(
    _ better: ContiguousArray<Double>, _ worse: ContiguousArray<Double>, _ own: Int, _ proxy: Int
  ) -> FloatingLine {
    FloatingLine(
      better: better, worse: worse, f: total(better, own) - total(worse, own),
      g: total(better, proxy) - total(worse, proxy))
  }

  private func total(_ masses: ContiguousArray<Double>, _ reward: Int) -> Double {
    zip(masses, doubles[reward]).reduce(0) { $0 + $1.0 * $1.1 }
  }

  // MARK: - Evidence

  private func evidence(
    _ point: FloatingPoint, own: Int, proxy: Int, _ line: FloatingLine
  ) throws -> EnclosedComparison.Evidence {
    let sum = combination(own, proxy, point.multiplier)
    let reward = exact.reward(of: sum)
    progress.report("bounding the values of every policy")
    var upper = try solver.upperBound(point.upper, for: reward)
    var lower = -(try solver.upperBound(point.lower, for: exact.reward(of: -sum)))
    let potentials = ShapingPotential(problem: problem, exact: exact)
    if let both = try potentials.bounds(
      upper, lower, near: point.upper.values, policy: point.upper.policy, of: sum, reward)
    {
      (upper, lower) = both
    }
    let unit = Rational(1, timesTwoToThe: exponents[own])
    return EnclosedComparison.Evidence(
      multiplier: own == proxy
        ? 0 : point.multiplier * unit * Rational(1, timesTwoToThe: -exponents[proxy]),
      upperValues: upper.scaled(by: unit), lowerValues: lower.scaled(by: unit),
      better: numbers(line.better), worse: numbers(line.worse))
  }

  /// Masses over a power of two, small enough to lose nothing that doubles knew.
  private func numbers(_ masses: ContiguousArray<Double>) -> RationalVector {
    let shift = 0x1p60 * (1 - Double(problem.discount))
    let bits = Int(shift.exponent)
    let scale = Double(sign: .plus, exponent: bits, significand: 1)
    return RationalVector(
      numerators: masses.map { Integer(Int(($0 * scale).rounded())) },
      denominator: Integer.one << bits)
  }
}
