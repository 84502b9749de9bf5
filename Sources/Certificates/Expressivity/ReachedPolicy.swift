import ExactArithmetic
import MarkovDecisionProcesses

/// A deterministic policy as far as it is reached: choices at the states to which it leads, made one
/// after the other in the order in which the states are found.
///
/// Two deterministic policies have the same lottery exactly if they agree on what one of them reaches,
/// so that a tree of these visits each lottery once. States with one choice make it themselves.
public struct ReachedPolicy: Sendable {
  private let model: FiniteMDP
  /// One entry a state: `nil` where none is made.
  public private(set) var choices: [Choice?]
  /// The states that are reached.
  public private(set) var reached: [State] = []
  private var isReached: [Bool]
  /// How many of them have their choice.
  private var decidedCount = 0

  /// - Parameter initial: the law of the first state.
  public init(in model: FiniteMDP, from initial: [(state: State, probability: Rational)]) {
    self.model = model
    choices = Array(repeating: nil, count: model.stateCount)
    isReached = Array(repeating: false, count: model.stateCount)
    for (state, probability) in initial where !probability.isZero { reach(state) }
    takeOnlyChoices()
  }

  /// The first state that is reached and has no choice yet.
  public var open: State? {
    decidedCount < reached.count ? reached[decidedCount] : nil
  }

  public func reaches(_ state: State) -> Bool { isReached[Int(state.index)] }

  /// Makes a choice at ``open``.
  ///
  /// - Precondition: the choice is one of that state.
  public mutating func choose(_ choice: Choice) {
    precondition(open == model.state(of: choice), "the choice is made at the open state")
    decide(choice)
    takeOnlyChoices()
  }

  private mutating func decide(_ choice: Choice) {
    choices[Int(model.state(of: choice).index)] = choice
    decidedCount += 1
    for (successor, _) in model.transitions(of: choice) { reach(successor) }
  }

  private mutating func takeOnlyChoices() {
    while let state = open, model.choiceRange(at: Int(state.index)).count == 1 {
      decide(Choice(model.choiceRange(at: Int(state.index)).lowerBound))
    }
  }

  private mutating func reach(_ state: State) {
    guard !isReached[Int(state.index)] else { return }
    isReached[Int(state.index)] = true
    reached.append(state)
  }
}

extension ReachedPolicy {
  /// What is reached of a stationary policy, or `nil` when it draws its action at such a state.
  public init?(
    of policy: Policy, in model: FiniteMDP, from initial: [(state: State, probability: Rational)]
  ) {
    self.init(in: model, from: initial)
    while let state = open {
      let law = policy.choices(at: state)
      guard law.count == 1 else { return nil }
      choose(law[0].choice)
    }
  }

  /// The actions at the states that are reached and decided, in the order of the model.
  public var decisions: [(state: State, action: Action)] {
    choices.enumerated().compactMap { state, choice in
      choice.map { (state: State(state), action: model.action(of: $0)) }
    }
  }

  /// The actions at all states, the first available one where the policy does not come.
  public var actions: [Action] {
    choices.enumerated().map { state, choice in
      model.action(of: choice ?? Choice(model.choiceRange(at: state).lowerBound))
    }
  }

  /// Calls `body` with every deterministic lottery whose choices are all allowed, until it says stop.
  ///
  /// - Complexity: one call a lottery, and as many partial policies as the tree above them has.
  public static func visitAll(
    in model: FiniteMDP, from initial: [(state: State, probability: Rational)],
    where isAllowed: (Choice) -> Bool = { _ in true },
    _ body: (ReachedPolicy) throws -> Bool
  ) rethrows {
    var pending = [ReachedPolicy(in: model, from: initial)]
    while let policy = pending.popLast() {
      guard let state = policy.open else {
        if try !body(policy) { return }
        continue
      }
      for choice in model.choices(at: state).reversed() where isAllowed(choice) {
        var next = policy
        next.choose(choice)
        pending.append(next)
      }
    }
  }
}

/// Which states a set can be avoided from for certain, and where every policy enters it.
public struct AvoidableStates: Sendable {
  private let model: FiniteMDP
  /// `nil` where the set can be avoided for ever. In the set 0; else `k` says that every choice has
  /// a successor of a smaller rank.
  public let ranks: [Int?]

  /// - Complexity: O(rounds × transitions).
  public init(avoiding states: [State], in model: FiniteMDP) {
    self.model = model
    var ranks = [Int?](repeating: nil, count: model.stateCount)
    for state in states { ranks[Int(state.index)] = 0 }
    var found = states.map { Int($0.index) }
    var round = 0
    while !found.isEmpty {
      round += 1
      found = (0..<model.stateCount).filter { state in
        ranks[state] == nil
          && model.choices(at: State(state)).allSatisfy { choice in
            model.transitions(of: choice).contains { ranks[Int($0.successor.index)] != nil }
          }
      }
      for state in found { ranks[state] = round }
    }
    self.ranks = ranks
  }

  /// Whether a choice leads only to states from which the set can be avoided.
  public func isSafe(_ choice: Choice) -> Bool {
    model.transitions(of: choice).allSatisfy { ranks[Int($0.successor.index)] == nil }
  }
}
