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

  /// `M(u,s,a) = r(s,a) + Φ(u,s) − γ Σ p Φ(u',s')` at every reachable pair `(u,s)`.
  case markov(reward: [Choice: Rational], potential: [Node: Rational])
  /// `y` with `Σ_u y(u,s,a) = 0`, the flow `Σ_a y(u,s,a) = γ Σ p y(predecessors)`, and `Σ y M ≠ 0`:
  /// two uses of time that differ in nothing but the machine's state, and are paid differently.
  case notMarkov([Place: Rational])

  /// Whether the answer is proved: recomputed from the model and the machine alone.
  public func isProved(
    of paying: PayingMachine, on model: FiniteMDP, discount: Rational
  ) -> Bool {
    let product = ReachableProduct(paying, model)
    switch self {
    case .markov(let reward, let potential):
      return product.places.allSatisfy { place in
        let node = Node(machine: place.machine, state: model.state(of: place.choice))
        let next = product.successors(of: place).reduce(Rational.zero) {
          $0 + $1.probability * (potential[$1.node] ?? 0)
        }
        return product.payment(at: place)
          == (reward[place.choice] ?? 0) + (potential[node] ?? 0) - discount * next
      }
    case .notMarkov(let multipliers):
      let known = Set(product.places)
      guard multipliers.keys.allSatisfy(known.contains) else { return false }
      var (paid, rest, flow) = (Rational.zero, [Choice: Rational](), [Node: Rational]())
      for (place, value) in multipliers {
        paid += value * product.payment(at: place)
        rest[place.choice, default: 0] += value
        flow[
          Node(machine: place.machine, state: model.state(of: place.choice)), default: 0] += value
        for (node, probability) in product.successors(of: place) {
          flow[node, default: 0] -= discount * probability * value
        }
      }
      return !paid.isZero && rest.values.allSatisfy(\.isZero) && flow.values.allSatisfy(\.isZero)
    }
  }

  /// The pairs that are reachable from the initial states (from all, without an initial law) and
  /// the machine's start.
  public struct ReachableProduct {
    public private(set) var nodes: [Node] = []
    public private(set) var places: [Place] = []
    private let paying: PayingMachine
    private let model: FiniteMDP
    private let letters: TransitionLetters

    public init(_ paying: PayingMachine, _ model: FiniteMDP) {
      self.paying = paying
      self.model = model
      letters = TransitionLetters(of: model)
      let starts =
        model.initial?.filter { !$0.probability.isZero }.map(\.state)
        ?? (0..<model.stateCount).map { State($0) }
      nodes = starts.map { Node(machine: paying.machine.initial, state: $0) }
      var seen = Set(nodes)
      var next = 0
      while next < nodes.count {
        for choice in model.choices(at: nodes[next].state) {
          let place = Place(machine: nodes[next].machine, choice: choice)
          places.append(place)
          for (node, _) in successors(of: place) where seen.insert(node).inserted {
            nodes.append(node)
          }
        }
        next += 1
      }
    }

    /// Where a choice leads.
    public func successors(of place: Place) -> [(node: Node, probability: Rational)] {
      let (state, action) = (model.state(of: place.choice), model.action(of: place.choice))
      return model.transitions(of: place.choice).map { successor, probability in
        let next = paying.machine.step(
          from: place.machine, state, action, to: successor, letters: letters)
        return (Node(machine: next, state: successor), probability)
      }
    }

    /// What a choice pays, on average over its successors.
    public func payment(at place: Place) -> Rational {
      let (state, action) = (model.state(of: place.choice), model.action(of: place.choice))
      return model.transitions(of: place.choice).reduce(Rational.zero) {
        $0 + $1.probability * paying.reward.value(place.machine, state, action, to: $1.successor)
      }
    }
  }
}
