import ExactArithmetic
import MarkovDecisionProcesses

extension MarkovMachine {
  /// The pairs that count: reachable from the initial states (from all, without an initial law) and
  /// the machine's start, with their choices, where these lead and what they pay on average.
  ///
  /// With discount 0 only the first step counts, so that nothing is reached by it.
  public struct ReachableProduct: Sendable {
    /// Where a choice leads: the place of a node, with its probability.
    public typealias Successor = (node: Int, probability: Rational)

    public private(set) var nodes: [Node] = []
    public private(set) var places: [Place] = []
    /// The place of each node.
    public private(set) var numbers: [Node: Int] = [:]
    /// The places of the choices of each node.
    public private(set) var ranges: [Range<Int>] = []
    /// The node of each choice.
    public private(set) var owners: [Int] = []
    public private(set) var successors: [[Successor]] = []
    /// What each choice pays, on average over its successors.
    public private(set) var payments: [Rational] = []

    /// - Throws: ``Interrupted``.
    /// - Complexity: the steps of the model times the reachable states of the machine.
    public init(
      _ paying: PayingMachine, _ model: FiniteMDP, discount: Rational,
      progress: ProgressHandler = .none
    ) throws(Interrupted) {
      let letters = TransitionLetters(of: model)
      for state in model.starts {
        _ = number(of: Node(machine: paying.machine.initial, state: state))
      }
      while ranges.count < nodes.count {
        if ranges.count % 256 == 0 { try progress.checkpoint() }
        let node = nodes[ranges.count]
        let first = places.count
        for choice in model.choices(at: node.state) {
          let place = Place(machine: node.machine, choice: choice)
          let action = model.action(of: choice)
          var row: [Successor] = []
          for (successor, probability) in model.transitions(of: choice) where !discount.isZero {
            let next = paying.machine.step(
              from: node.machine, node.state, action, to: successor, letters: letters)
            row.append((number(of: Node(machine: next, state: successor)), probability))
          }
          places.append(place)
          owners.append(ranges.count)
          successors.append(row)
          payments.append(paying.meanPayment(at: place, on: model))
        }
        ranges.append(first..<places.count)
      }
    }

    private mutating func number(of node: Node) -> Int {
      if let known = numbers[node] { return known }
      numbers[node] = nodes.count
      nodes.append(node)
      return nodes.count - 1
    }

    /// The place of a choice of the product; `nil` for one that is not reached.
    public func number(of place: Place, on model: FiniteMDP) -> Int? {
      let node = Node(machine: place.machine, state: model.state(of: place.choice))
      guard let number = numbers[node] else { return nil }
      return ranges[number].first { places[$0].choice == place.choice }
    }

    /// `M + γ Σ p x − x` at a choice: by how much it is better than to get `x` at once.
    ///
    /// - Parameter value: `x` at a node, by its place.
    public func advantage(
      at place: Int, over value: (Int) -> Rational, discount: Rational
    ) -> Rational {
      let next = successors[place].reduce(Rational.zero) {
        $0 + $1.probability * value($1.node)
      }
      return payments[place] + discount * next - value(owners[place])
    }
  }
}

extension PayingMachine {
  /// What a choice pays in a state of the machine, on average over its successors.
  func meanPayment(at place: MarkovMachine.Place, on model: FiniteMDP) -> Rational {
    let (state, action) = (model.state(of: place.choice), model.action(of: place.choice))
    return model.transitions(of: place.choice).reduce(Rational.zero) {
      $0 + $1.probability * reward.value(place.machine, state, action, to: $1.successor)
    }
  }
}
