import Certificates
import ExactArithmetic
import MarkovDecisionProcesses

/// Values over one denominator, which a step keeps and a row needs.
struct CommonVector {
  let denominator: Integer
  let numerators: [Integer]

  var vector: RationalVector { RationalVector(numerators: numerators, denominator: denominator) }

  /// The same values over their least common denominator.
  func reduced() -> CommonVector {
    var common = denominator
    for numerator in numerators where common != 1 { common = Integer.gcd(common, numerator) }
    guard common != 1 else { return self }
    return CommonVector(
      denominator: denominator.exactlyDivided(by: common),
      numerators: numerators.map { $0.exactlyDivided(by: common) })
  }
}

/// The rows of a finite-horizon problem over one common denominator `q` for the whole model.
struct HorizonRows {
  private let model: FiniteMDP
  private let isMaximizing: Bool
  let scale: Integer
  /// `q γ p` for each probability of the pool.
  private let weights: [Integer]
  /// `q r` for each choice's reward in its pool.
  private let rewards: [Integer]
  private let rewardPlaces: ContiguousArray<Int32>

  /// - Parameters:
  ///   - reward: one entry a choice.
  ///   - discount: in `[0, 1]`.
  init(model: FiniteMDP, reward: PooledVector, discount: Rational, direction: Direction) {
    self.model = model
    isMaximizing = direction == .maximize
    let discounted = model.probabilityPool.values.map { $0 * discount }
    var used = Set(reward.places)
    used.insert(0)
    var scale = discounted.reduce(Integer.one) { Integer.lcm($0, $1.denominator) }
    for place in used where Int(place) < reward.pool.count {
      scale = Integer.lcm(scale, reward.pool[place].denominator)
    }
    let factor = Rational(scale)
    self.scale = scale
    weights = discounted.map { ($0 * factor).numerator }
    rewards = (0..<reward.pool.count).map {
      used.contains(Int32($0)) ? (reward.pool[Int32($0)] * factor).numerator : 0
    }
    rewardPlaces = reward.places
  }

  /// One step: the best lookahead at each state and all actions that attain it.
  ///
  /// - Parameter isFixed: the states that keep their value and take no action.
  func backup(
    _ values: CommonVector, isFixed: [Bool]? = nil, _ progress: ProgressHandler
  ) throws -> (CommonVector, [[Action]]) {
    var best: [Integer] = []
    best.reserveCapacity(model.stateCount)
    var attaining: [[Action]] = []
    attaining.reserveCapacity(model.stateCount)
    for state in 0..<model.stateCount {
      if state & 255 == 0 { try progress.checkpoint() }
      if let isFixed, isFixed[state] {
        best.append(values.numerators[state] * scale)
        attaining.append([])
        continue
      }
      let (value, actions) = bestLookahead(at: state, over: values)
      best.append(value)
      attaining.append(actions)
    }
    let next = CommonVector(denominator: values.denominator * scale, numerators: best)
    return (next.reduced(), attaining)
  }

  private func bestLookahead(
    at state: Int, over values: CommonVector
  ) -> (Integer, [Action]) {
    var leading: Integer?
    var actions: [Action] = []
    for choice in model.choiceRange(at: state) {
      let value = lookahead(choice, over: values)
      let action = Action(Int(model.choiceActions[choice]))
      guard let known = leading, value != known else {
        leading = value
        actions.append(action)
        continue
      }
      if (value > known) == isMaximizing {
        leading = value
        actions = [action]
      }
    }
    return (leading ?? 0, actions)  // every state has a choice
  }

  /// `q D (r + γ P v)` of a choice, where `v = N / D`.
  func lookahead(_ choice: Int, over values: CommonVector) -> Integer {
    var sum = Accumulator()
    sum.add(values.denominator, times: rewards[Int(rewardPlaces[choice])])
    for transition in model.transitionRange(of: choice) {
      sum.add(
        values.numerators[Int(model.successors[transition])],
        times: weights[Int(model.probabilities[transition])])
    }
    return sum.value
  }
}

extension HorizonRows {
  /// Ends the run before it starts when the answer is too long for the memory limit.
  ///
  /// A step multiplies the denominator by that of the rows, so that step `t` has `t` times its bits.
  func refuseIfTooLarge(
    steps: Int, memoryLimit: Int, _ progress: ProgressHandler
  ) throws(Interrupted) {
    let count = Double(steps)
    let numbers = count * count / 2 * Double(scale.bitLength) / 8
    let needed = Double(model.stateCount) * (numbers + 120 * count)
    guard needed > Double(memoryLimit) else { return }
    progress.report("the values of \(steps) steps may need \(megabytes(needed)) MB")
    throw Interrupted(.memoryLimit)
  }

  private func megabytes(_ bytes: Double) -> String {
    bytes < 1e24 ? String(Integer(Int128(bytes / 1e6)).description) : "more than 10^18"
  }
}
