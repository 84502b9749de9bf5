// What is here: from a candidate policy to bounds and a proof that it is optimal, decided by the
// judge on integers. Every change of the policy on the way is a certified improvement, so that the
// loop ends.

import Certificates
import ExactArithmetic
import ExactLinearAlgebra
import MarkovDecisionProcesses

/// What is proved of a policy.
struct ProvedBounds {
  let policy: ContiguousArray<Int32>
  let lower: RationalVector
  let upper: RationalVector
  /// States at which some other action is not proved to be no better, ascending.
  let undecided: [State]
  /// The classes that settled a tie, if any did.
  let partition: [Int]?
  let iterations: Int
}

struct BoundsProver {
  let problem: MaximizationProblem
  let builder: PolicySystemBuilder
  let progress: ProgressHandler
  private var zeros: [Bool]?
  private var partition: BehaviouralPartition?
  private var isPartitionUseful = false
  private var iterations = 0

  /// Digits behind the words' 60 bits that are tried before a tie is left open.
  private static let precisions = [0, 128, 256, 1024]

  init(_ problem: MaximizationProblem, _ builder: PolicySystemBuilder, _ progress: ProgressHandler)
  {
    self.problem = problem
    self.builder = builder
    self.progress = progress
  }

  private var model: FiniteMDP { problem.model }

  /// Improves the guide's policy until no action is proved better, and proves what can be proved.
  ///
  /// - Parameter settlesTies: false when only the policy is wanted: then ties stay open.
  mutating func prove(
    _ guide: inout DiscountedGuide, settlesTies: Bool
  ) throws -> ProvedBounds {
    // Doubles may improve this often before only the judge's word counts.
    var trust = 60
    // Where gaps shrink with the distance from a goal, improvements hide at every scale: each one
    // found raises the precision at which the next policy is looked at first.
    var level = 0
    while true {
      iterations += 1
      let policy = guide.policy
      let source = try ApproximationSource(builder.policySystem(of: policy), progress)
      progress.report("improving the policy, round \(iterations)")
      if trust > 0, let values = source.doubles {
        trust -= 1
        if guide.improve(from: values) > 0 { continue }
      }
      if level > 0, let better = try improved(policy, source, Self.precisions[level]) {
        level = min(level + 1, Self.precisions.count - 1)
        guide.adopt(better)
        continue
      }
      switch try judge(policy, source, settlesTies) {
      case .improved(let better):
        level = min(level + 1, Self.precisions.count - 1)
        guide.adopt(better)
      case .proved(let bounds):
        return bounds
      }
    }
  }

  /// A policy that is better at the given precision, if there is one.
  private mutating func improved(
    _ policy: ContiguousArray<Int32>, _ source: ApproximationSource, _ extraBits: Int
  ) throws -> ContiguousArray<Int32>? {
    let approximation = try source.approximation(extraBits: extraBits)
    let upper = approximation.bounds(discount: problem.discount, zeros: zeros).upper
    let signs = try problem.judge.slackSigns(of: upper, progress: progress)
    let better = improvedPolicy(policy, signs, model)
    return better == policy ? nil : better
  }

  private enum Outcome {
    case improved(ContiguousArray<Int32>)
    case proved(ProvedBounds)
  }

  private mutating func judge(
    _ policy: ContiguousArray<Int32>, _ source: ApproximationSource, _ settlesTies: Bool
  ) throws -> Outcome {
    var last: ProvedBounds?
    for extra in Self.precisions {
      let approximation = try source.approximation(extraBits: extra)
      let bounds = try confirmedBounds(policy, approximation)
      guard case .proved(let confirmed) = bounds else { return try improvement(bounds) }
      progress.report("proving the policy optimal")
      var open = try unsettled(policy, confirmed)
      if !open.isEmpty, settlesTies, extra >= 128 { open = try settledByClasses(open, policy) }
      let undecided = Set(open.map { State(Int(model.choiceStates[$0])) }).sorted()
      last = ProvedBounds(
        policy: policy, lower: confirmed.lower, upper: confirmed.upper, undecided: undecided,
        partition: isPartitionUseful ? partition?.classes.map(Int.init) : nil,
        iterations: iterations)
      sayWhatIsProved(undecided.count)
      if (open.isEmpty && confirmed.isNarrow) || (!settlesTies && extra >= 128) { break }
    }
    guard let last else { throw Unsolvable() }
    return .proved(last)
  }

  private enum Confirmation {
    case proved(PolicyBounds)
    case improvable(ContiguousArray<Int8>, ContiguousArray<Int32>)
  }

  /// Bounds around an approximation that the judge confirms, or the actions that it finds better.
  private mutating func confirmedBounds(
    _ policy: ContiguousArray<Int32>, _ approximation: Approximation
  ) throws -> Confirmation {
    var bounds = approximation.bounds(discount: problem.discount, zeros: zeros)
    if !bounds.isNarrow, zeros == nil {
      zeros = statesWithoutReward(problem)
      bounds = approximation.bounds(discount: problem.discount, zeros: zeros)
    }
    let above = try problem.judge.slackSigns(of: bounds.upper, progress: progress)
    if above.contains(where: { $0 > 0 }) { return .improvable(above, policy) }
    let below = try problem.judge.slackSigns(of: bounds.lower, progress: progress)
    // Follows from the error of the approximation; asked all the same, since only this decides.
    guard policy.allSatisfy({ below[Int($0)] >= 0 }) else { throw Unsolvable() }
    return .proved(bounds)
  }

  private func improvement(_ confirmation: Confirmation) throws -> Outcome {
    guard case .improvable(let signs, let policy) = confirmation else { throw Unsolvable() }
    return .improved(improvedPolicy(policy, signs, model))
  }

  /// The choices that the gap between the bounds leaves open and that are not plainly equal.
  private func unsettled(
    _ policy: ContiguousArray<Int32>, _ bounds: PolicyBounds
  ) throws -> [Int] {
    let signs = try problem.judge.lookaheadSigns(
      of: bounds.upper, against: bounds.lower, at: policy.map { Choice(Int($0)) },
      progress: progress)
    return (0..<model.choiceCount).filter { choice in
      let chosen = Int(policy[Int(model.choiceStates[choice])])
      return choice != chosen && signs[choice] >= 0
        && !model.haveEqualRows(choice, chosen, reward: problem.reward)
    }
  }

  private mutating func settledByClasses(
    _ open: [Int], _ policy: ContiguousArray<Int32>
  ) throws -> [Int] {
    if partition == nil {
      partition = try BehaviouralPartition(
        model: model, reward: problem.reward, progress: progress)
    }
    let left = open.filter { choice in
      let chosen = Int(policy[Int(model.choiceStates[choice])])
      return partition?.areEqual(choice, chosen) != true
    }
    if left.count < open.count { isPartitionUseful = true }
    return left
  }

  private func sayWhatIsProved(_ undecided: Int) {
    let states = model.stateCount
    progress.reportCertified(
      undecided == 0
        ? "a policy is proved optimal at all \(states) states, and all values are enclosed"
        : "all values are enclosed; a policy is proved optimal at \(states - undecided) of"
          + " \(states) states")
  }
}

extension FiniteMDP {
  /// Whether two choices have the same reward and the same law of the successor.
  func haveEqualRows(_ a: Int, _ b: Int, reward: PooledVector) -> Bool {
    let (first, second) = (transitionRange(of: a), transitionRange(of: b))
    guard first.count == second.count, reward[a] == reward[b] else { return false }
    let row = { (range: Range<Int>) in
      range.map { (self.successors[$0], self.probabilities[$0]) }.sorted { $0.0 < $1.0 }
    }
    return zip(row(first), row(second)).allSatisfy { $0 == $1 }
  }
}
