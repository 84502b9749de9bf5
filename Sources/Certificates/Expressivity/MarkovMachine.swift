import ExactArithmetic
import MarkovDecisionProcesses

/// Whether what a machine pays is worth the same as a reward on the model's states alone, for every
/// policy and up to a constant; with the proof.
///
/// Source: ours; `proofs-notes/markov-machine.md`.
public enum MarkovMachine: Sendable {
  /// A state of the model with one of the machine.
  public struct Node: Sendable, Hashable {
    public let machine: Int
    public let state: State

    public init(machine: Int, state: State) {
      self.machine = machine
      self.state = state
    }
  }

  /// A choice of the model, made in a state of the machine.
  public struct Place: Sendable, Hashable {
    public let machine: Int
    public let choice: Choice

    public init(machine: Int, choice: Choice) {
      self.machine = machine
      self.choice = choice
    }
  }

  /// Values of a policy of the model's own states, to a few digits, that tell two places apart.
  public struct ApartAdvantages: Sendable {
    /// One choice of the model.
    public let choice: Choice
    /// Two states of the machine in which it has different advantages.
    public let machines: (first: Int, second: Int)
    /// The policy's choice at each state that it reaches from there.
    public let policy: [State: Choice]
    /// What the policy is worth, about, at each pair that it reaches from there.
    public let values: [Node: Rational]
    /// By how much the advantages differ at least: positive.
    public let gap: Rational

    public init(
      choice: Choice, machines: (first: Int, second: Int), policy: [State: Choice],
      values: [Node: Rational], gap: Rational
    ) {
      self.choice = choice
      self.machines = machines
      self.policy = policy
      self.values = values
      self.gap = gap
    }
  }

  /// `M(u,s,a) = r(s,a) + Φ(u,s) − γ Σ p Φ(u',s')` at every reachable pair `(u,s)`.
  case markov(reward: [Choice: Rational], potential: [Node: Rational])
  /// `y` with `Σ_u y(u,s,a) = 0`, the flow `Σ_a y(u,s,a) = γ Σ p y(predecessors)`, and `Σ y M ≠ 0`:
  /// two uses of time that differ in nothing but the machine's state, and are paid differently.
  case notMarkov([Place: Rational])
  /// The same by one choice that a policy of the model's states makes better in one state of the
  /// machine than in another: short where the uses of time are long.
  case apart(ApartAdvantages)

  /// Whether the answer is proved: recomputed from the model and the machine alone.
  ///
  /// - Throws: ``Interrupted``.
  public func isProved(
    of paying: PayingMachine, on model: FiniteMDP, discount: Rational,
    progress: ProgressHandler = .none
  ) throws(Interrupted) -> Bool {
    let product = try ReachableProduct(
      paying, model, discount: discount, progress: progress)
    return isProved(on: model, in: product, discount: discount)
  }

  /// - Parameter product: of the machine and the model.
  package func isProved(
    on model: FiniteMDP, in product: ReachableProduct, discount: Rational
  ) -> Bool {
    switch self {
    case .markov(let reward, let potential):
      let values = product.nodes.map { potential[$0] ?? 0 }
      return product.places.indices.allSatisfy { place in
        product.advantage(at: place, over: { values[$0] }, discount: discount)
          == reward[product.places[place].choice] ?? 0
      }
    case .notMarkov(let multipliers):
      return Self.isUseOfTime(multipliers, on: model, in: product, discount: discount)
    case .apart(let advantages):
      guard advantages.gap.signum > 0,
        let proved = advantages.provedGap(on: model, in: product, discount: discount)
      else { return false }
      return advantages.gap <= proved
    }
  }

  private static func isUseOfTime(
    _ multipliers: [Place: Rational], on model: FiniteMDP, in product: ReachableProduct,
    discount: Rational
  ) -> Bool {
    var (paid, rest, flow) = (Rational.zero, [Choice: Rational](), [Int: Rational]())
    for (place, value) in multipliers {
      guard let number = product.number(of: place, on: model) else { return false }
      paid += value * product.payments[number]
      rest[place.choice, default: 0] += value
      flow[product.owners[number], default: 0] += value
      for (node, probability) in product.successors[number] {
        flow[node, default: 0] -= discount * probability * value
      }
    }
    return !paid.isZero && rest.values.allSatisfy(\.isZero) && flow.values.allSatisfy(\.isZero)
  }

  /// What two uses of time are paid apart: `Σ y M`, or that much at least where values are the
  /// proof; 0 where the reward is Markov.
  public func difference(of paying: PayingMachine, on model: FiniteMDP) -> Rational {
    switch self {
    case .markov: 0
    case .apart(let advantages): advantages.gap
    case .notMarkov(let multipliers):
      multipliers.reduce(Rational.zero) {
        $0 + $1.value * paying.meanPayment(at: $1.key, on: model)
      }
    }
  }
}

extension MarkovMachine.ApartAdvantages {
  /// The same values with another claim.
  package func claiming(_ gap: Rational) -> Self {
    Self(choice: choice, machines: machines, policy: policy, values: values, gap: gap)
  }

  /// By how much the two advantages differ at least; `nil` when the values are not those of a
  /// policy on reachable pairs that it does not leave, when some place is missing, or when the
  /// discount is not in `[0, 1)`.
  ///
  /// With residuals up to `ε` the values are off by `ε / (1 − γ)`, so that two advantages are off
  /// by `2 ε (1 + γ) / (1 − γ)`.
  package func provedGap(
    on model: FiniteMDP, in product: MarkovMachine.ReachableProduct, discount: Rational
  ) -> Rational? {
    guard discount.signum >= 0, discount < 1 else { return nil }
    var known = [Rational?](repeating: nil, count: product.nodes.count)
    for (node, value) in values {
      guard let number = product.numbers[node] else { return nil }
      known[number] = value
    }
    func advantage(_ machine: Int, _ choice: Choice) -> Rational? {
      guard
        let place = product.number(of: .init(machine: machine, choice: choice), on: model),
        known[product.owners[place]] != nil,
        product.successors[place].allSatisfy({ known[$0.node] != nil })
      else { return nil }
      return product.advantage(at: place, over: { known[$0] ?? 0 }, discount: discount)
    }
    var residual = Rational.zero
    for node in values.keys {
      guard let choice = policy[node.state], model.state(of: choice) == node.state,
        let own = advantage(node.machine, choice)
      else { return nil }
      residual = max(residual, own.magnitude)
    }
    guard let first = advantage(machines.first, choice),
      let second = advantage(machines.second, choice)
    else { return nil }
    return (first - second).magnitude - 2 * residual * (1 + discount) / (1 - discount)
  }
}
