import Certificates

/// A constructive proof that one formalism expresses at least another: how a specification of
/// ``weaker`` is turned into one of ``stronger`` that induces the same order.
///
/// Source: ours, after arXiv 2310.11840; `proofs-notes/formalisms.md`.
public struct Inclusion: Sendable, Hashable {
  public let weaker: Formalism
  public let stronger: Formalism
  /// The construction, in one sentence.
  public let construction: String

  private init(_ weaker: Formalism, _ stronger: Formalism, _ construction: String) {
    self.weaker = weaker
    self.stronger = stronger
    self.construction = construction
  }

  /// The arrows whose reflexive and transitive closure is everything that holds.
  public static let all: [Inclusion] = [
    Inclusion(.markovReward, .rewardMachine, "a machine with one state"),
    Inclusion(.markovReward, .regularised, "the weight α = 0"),
    Inclusion(.markovReward, .outerNonlinear, "f is the identity"),
    Inclusion(.outerNonlinear, .outerMultiObjective, "one reward, k = 1"),
    Inclusion(
      .rewardMachine, .trajectoryFunction, "f is the discounted sum that the machine pays"),
    Inclusion(.innerNonlinear, .innerMultiObjective, "one reward, k = 1"),
    Inclusion(.innerMultiObjective, .trajectoryFunction, "f of the trajectory's returns"),
    Inclusion(
      .limitAverage, .trajectoryFunction, "f is the limit superior of the running averages"),
    Inclusion(.temporalLogic, .trajectoryFunction, "f is the indicator of the formula"),
    Inclusion(
      .trajectoryFunction, .innerNonlinear,
      "number the N triples, γ = 1/(N+1): the return tells the trajectory, f undoes it"),
    Inclusion(.trajectoryFunction, .lotteryFunction, "the expectation of f under the lottery"),
    Inclusion(
      .regularised, .lotteryFunction,
      "the lottery fixes the policy at every reachable state, and only these enter"),
    Inclusion(
      .occupancyFunction, .outerMultiObjective, "the indicators of the triples as rewards"),
    Inclusion(.outerMultiObjective, .occupancyFunction, "the values are linear in the occupancy"),
    Inclusion(
      .occupancyOrder, .generalisedMultiObjective, "the indicators of the triples as rewards"),
    Inclusion(
      .generalisedMultiObjective, .occupancyOrder, "the values are linear in the occupancy"),
    Inclusion(
      .lotteryFunction, .occupancyFunction,
      "γ = 1/2: occupancy and lottery of a stationary policy determine each other"),
    Inclusion(
      .occupancyFunction, .lotteryFunction,
      "γ = 1/2: occupancy and lottery of a stationary policy determine each other"),
    Inclusion(
      .lotteryOrder, .occupancyOrder,
      "γ = 1/2: occupancy and lottery of a stationary policy determine each other"),
    Inclusion(
      .occupancyOrder, .lotteryOrder,
      "γ = 1/2: occupancy and lottery of a stationary policy determine each other"),
    Inclusion(.lotteryFunction, .policyFunction, "f of the policy's lottery"),
    Inclusion(.lotteryFunction, .lotteryOrder, "the order of the values"),
    Inclusion(.policyFunction, .policyOrder, "the order of the values"),
    Inclusion(.lotteryOrder, .policyOrder, "the order of the policies' lotteries"),
  ]
}
