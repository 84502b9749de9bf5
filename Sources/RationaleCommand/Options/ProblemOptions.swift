import ArgumentParser
import ExactArithmetic
import ExactJSON
import MarkovDecisionProcesses

/// What of a model an answer is about.
struct ProblemOptions: ParsableArguments {
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("The reward (default: the model's only one).", valueName: "name"))
  var reward: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "The discount, an exact number such as 99/100 or 0.99 (default: the model's).",
      valueName: "q"))
  var discount: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Start in this state (default: the model's law).", valueName: "state"))
  var initial: String?

  @Flag(help: "Look for the least value (default: the greatest).")
  var minimize = false

  var direction: Direction { minimize ? .minimize : .maximize }

  /// The discount of the command line.
  ///
  /// - Throws: ``CommandError/usage(_:)`` when it is no number or out of range.
  func discount(allowsOne: Bool, limits: NumberLimits) throws(CommandError) -> Rational? {
    try Self.discount(discount, allowsOne: allowsOne, limits: limits)
  }

  /// The discount that the option `--discount` gives.
  ///
  /// - Throws: as ``discount(allowsOne:limits:)``.
  static func discount(
    _ discount: String?, allowsOne: Bool, limits: NumberLimits
  ) throws(CommandError) -> Rational? {
    guard let discount else { return nil }
    let value = try ExactNumberText(option: "--discount", text: discount).value(limits: limits)
    guard value.signum >= 0, value < 1 || (allowsOne && value == 1) else {
      throw .usage(
        "--discount is \(excerpt(discount)), but a discount has to be at least 0 and"
          + (allowsOne ? " at most 1" : " less than 1, as in --discount 99/100"))
    }
    return value
  }

  /// The name of the reward to use.
  func rewardName(in model: FiniteMDP, file: String) throws(CommandError) -> String {
    let names = model.rewards.map(\.name)
    guard let first = names.first else {
      throw .unfit(
        file: file, place: "rewards",
        problem: "the objective needs a reward, but the model has none")
    }
    guard let reward else {
      guard names.count == 1 else {
        throw .usage(
          "the model has several rewards; choose one with --reward: \(listed(names))")
      }
      return first
    }
    guard names.contains(reward) else {
      throw .usage("--reward: there is no reward \(excerpt(reward)); there are: \(listed(names))")
    }
    return reward
  }

  /// The state that replaces the model's initial law, if one is given.
  func initialState(in model: FiniteMDP) throws(CommandError) -> State? {
    try Self.state(initial, in: model)
  }

  /// The state that the option `--initial` gives.
  static func state(
    _ initial: String?, in model: FiniteMDP
  ) throws(CommandError) -> State? {
    guard let initial else { return nil }
    guard let place = model.states.place(of: initial) else {
      let nearest = nearestName(to: initial, among: model.states.names)
      throw .usage(
        "--initial: there is no state \(excerpt(initial))"
          + (nearest.map { " (did you mean '\($0)'?)" } ?? "")
          + "; there are: \(listed(model.states.names))")
    }
    return State(place)
  }

  /// The discount and, where it is not the model's, the law of the first state.
  ///
  /// - Parameters:
  ///   - file: the model's, for messages.
  ///   - discount: of the command line.
  ///   - needsLaw: whether there has to be a law of the first state.
  ///   - purpose: what needs them, for messages.
  func start(
    in model: FiniteMDP, file: String, discount: Rational?, needsLaw: Bool = true,
    purpose: String = "a comparison"
  ) throws(CommandError) -> (
    discount: Rational, initial: [(state: State, probability: Rational)]?
  ) {
    guard let discount = discount ?? model.discount else {
      throw .unfit(
        file: file, place: "discount",
        problem: "\(purpose) needs a discount, and the model has none: give one with "
          + "--discount, as in --discount 99/100")
    }
    let state = try initialState(in: model)
    guard state != nil || model.initial != nil || !needsLaw else {
      throw .unfit(
        file: file, place: "initial",
        problem: "\(purpose) needs a law of the first state, and the model has none: give a "
          + "state with --initial")
    }
    return (discount, state.map { [(state: $0, probability: Rational.one)] })
  }
}

extension FiniteMDP {
  /// The reward of a name that stands on the command line.
  func function(_ name: String) throws(CommandError) -> RewardFunction {
    guard let function = reward(named: name) else {
      throw .usage(
        "there is no reward \(excerpt(name)); there are: \(listed(rewards.map(\.name)))")
    }
    return function
  }
}
