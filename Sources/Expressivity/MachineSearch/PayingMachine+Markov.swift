// What is here: whether a machine's reward is Markov on the model's own states.
// Notation: π = a policy of the model's states; V, A = its values and advantages in the product, to
// more and more digits. The reward is Markov iff no A(u,s,a) depends on u; then V minus its value
// at one u for each s is a potential (proofs-notes/markov-machine.md).

import Certificates
import ExactArithmetic
import ExactLinearAlgebra
import MDPSolvers
import MarkovDecisionProcesses

extension PayingMachine {
  /// Decides whether a reward on the model's own states and actions is worth the same as the
  /// machine's, for every policy (with the machine's state as memory, too) and up to a constant.
  ///
  /// - Throws: ``Interrupted``.
  /// - Complexity: linear in the reachable product, for each word of the digits that it takes to
  ///   tell two advantages apart or to recognise the potential's fractions.
  ///
  /// Source: ours; `proofs-notes/markov-machine.md`.
  public func markov(
    on model: FiniteMDP, discount: Rational, progress: ProgressHandler = .none
  ) throws -> MarkovMachine {
    let product = try MarkovMachine.ReachableProduct(
      self, model, discount: discount, progress: progress)
    let search = MarkovSearch(model: model, product: product, discount: discount)
    // Only the first step counts, in one state of the machine.
    if discount.isZero, let answer = search.markov(product.nodes.map { _ in 0 }, error: 0) {
      return answer
    }
    let digits = try search.digits(progress)
    var bits = 64
    while true {
      try progress.checkpoint()
      let (values, error) = try digits.values(bits: bits)
      if let split = search.widestSplit(values), split.gap > search.doubt(error: 4 * error) {
        return try search.refuted(by: split, values, progress)
      }
      if let answer = search.markov(values, error: error) { return answer }
      bits *= 2
    }
  }
}

private struct MarkovSearch {
  let model: FiniteMDP
  let product: MarkovMachine.ReachableProduct
  let discount: Rational
  /// A choice for each state of the model.
  let policy: [Choice]

  /// Two places of one choice.
  struct Split {
    let first: Int
    let second: Int
    let gap: Rational
  }

  init(model: FiniteMDP, product: MarkovMachine.ReachableProduct, discount: Rational) {
    self.model = model
    self.product = product
    self.discount = discount
    // Few successors: values of few terms, and short runs for a proof.
    policy = (0..<model.stateCount).map { place in
      let choices = model.choices(at: State(place))
      return choices.dropFirst().reduce(choices[choices.startIndex]) { best, choice in
        model.transitions(of: choice).count < model.transitions(of: best).count ? choice : best
      }
    }
  }

  /// What the values of the policy in the product are computed from.
  func digits(_ progress: ProgressHandler) throws -> PolicyDigits {
    var builder = try FiniteMDPBuilder(
      states: NameTable(count: product.nodes.count), actions: NameTable(count: 1))
    try builder.startReward(named: "machine")
    for number in product.nodes.indices {
      let place = followed(at: number)
      for (node, probability) in product.successors[place] {
        try builder.addTransition(
          from: State(number), under: Action(0), to: State(node), probability: probability)
      }
      builder.addReward(
        state: State(number), action: Action(0), successor: nil, value: product.payments[place])
    }
    let chain = try PolicyEvaluator(model: builder.build(), discount: discount)
    return try chain.digits(
      of: ContiguousArray(0..<Int32(product.nodes.count)), reward: 0, progress: progress)
  }

  /// The place of the policy's choice at a node.
  private func followed(at number: Int) -> Int {
    let choice = policy[Int(product.nodes[number].state.index)]
    let range = product.ranges[number]
    return range.lowerBound + Int(choice.index - product.places[range.lowerBound].choice.index)
  }

  /// The bound of a proof by values with this error on the difference of two advantages.
  func doubt(error: Rational) -> Rational {
    2 * error * (1 + discount) * (1 + discount) / (1 - discount)
  }

  // MARK: - Not Markov

  /// The choice whose advantages differ most between states of the machine.
  func widestSplit(_ values: [Rational]) -> Split? {
    var extremes = [(least: Int, most: Int)?](repeating: nil, count: model.choiceCount)
    let advantages = product.places.indices.map {
      product.advantage(at: $0, over: { values[$0] }, discount: discount)
    }
    for (place, advantage) in advantages.enumerated() {
      let choice = Int(product.places[place].choice.index)
      guard let known = extremes[choice] else {
        extremes[choice] = (place, place)
        continue
      }
      if advantage < advantages[known.least] { extremes[choice]?.least = place }
      if advantage > advantages[known.most] { extremes[choice]?.most = place }
    }
    let splits = extremes.compactMap { places in
      places.map {
        Split(first: $0.most, second: $0.least, gap: advantages[$0.most] - advantages[$0.least])
      }
    }
    guard let widest = splits.max(by: { $0.gap < $1.gap }), !widest.gap.isZero else { return nil }
    return widest
  }

  /// A proof by two uses of time, or by values where these would be long.
  func refuted(
    by split: Split, _ values: [Rational], _ progress: ProgressHandler
  ) throws(Interrupted) -> MarkovMachine {
    let reached = reached(from: split)
    if reached.count <= 16 {
      return .notMarkov(try uses(split, reached, progress))
    }
    let unit = split.gap * (1 - discount) / (16 * (1 + discount) * (1 + discount))
    let scale = Rational(Integer.one << max(0, (1 / unit).ceiling.bitLength))
    var rounded: [MarkovMachine.Node: Rational] = [:]
    for number in reached {
      rounded[product.nodes[number]] = Rational((values[number] * scale).floor) / scale
    }
    let advantages = MarkovMachine.ApartAdvantages(
      choice: product.places[split.first].choice,
      machines: (product.places[split.first].machine, product.places[split.second].machine),
      policy: Dictionary(
        reached.map { product.nodes[$0].state }.map { ($0, policy[Int($0.index)]) },
        uniquingKeysWith: { first, _ in first }),
      values: rounded, gap: 0)
    guard
      let proved = advantages.provedGap(on: model, in: product, discount: discount),
      proved.signum > 0
    else { preconditionFailure("the values are close enough to tell the advantages apart") }
    return .apart(
      advantages.claiming(Rational.simplest(from: proved * Rational(9, 10), through: proved)))
  }

  /// The nodes of both places, and what the policy reaches from there and from where they lead.
  private func reached(from split: Split) -> [Int] {
    var found: [Int] = []
    var known: Set<Int> = []
    func visit(_ number: Int) {
      if known.insert(number).inserted { found.append(number) }
    }
    for place in [split.first, split.second] {
      visit(product.owners[place])
      for (node, _) in product.successors[place] { visit(node) }
    }
    var next = 0
    while next < found.count {
      for (node, _) in product.successors[followed(at: found[next])] { visit(node) }
      next += 1
    }
    return found
  }

  /// The choice and then the policy, instead of the policy at once: in the one state of the
  /// machine, less the same in the other.
  private func uses(
    _ split: Split, _ reached: [Int], _ progress: ProgressHandler
  ) throws(Interrupted) -> [MarkovMachine.Place: Rational] {
    let numbers = Dictionary(uniqueKeysWithValues: reached.enumerated().map { ($1, $0) })
    func row(_ place: Int) -> [Int: Rational] {
      var row = [numbers[product.owners[place], default: 0]: Rational.one]
      for (node, probability) in product.successors[place] {
        row[numbers[node, default: 0], default: 0] -= discount * probability
      }
      return row
    }
    let matrix = reached.map { row(followed(at: $0)).map { (column: $0.key, value: $0.value) } }
    guard
      case .regular(let factors) = try FactoredMatrix.factor(
        rows: matrix, isKnownRegular: true, progress: progress)
    else { preconditionFailure("what is discounted is regular") }
    var start = [Rational](repeating: 0, count: reached.count)
    for (column, value) in row(split.first) { start[column] -= value }
    for (column, value) in row(split.second) { start[column] += value }
    let times = try factors.solveTransposed(start, progress: progress)
    var uses = [product.places[split.first]: Rational.one, product.places[split.second]: -1]
    for (number, time) in zip(reached, times.entries) {
      uses[product.places[followed(at: number)], default: 0] += time
    }
    return uses.filter { !$0.value.isZero }
  }

  // MARK: - Markov

  /// The potential whose fractions are the simplest near the values, if it is one.
  func markov(_ values: [Rational], error: Rational) -> MarkovMachine? {
    var first = [Int?](repeating: nil, count: model.stateCount)
    var potential: [Rational] = []
    for (number, node) in product.nodes.enumerated() {
      let reference = first[Int(node.state.index)] ?? number
      first[Int(node.state.index)] = reference
      guard let simple = fraction(near: values[number] - values[reference], error: 2 * error) else {
        return nil
      }
      potential.append(simple)
    }
    var reward: [Choice: Rational] = [:]
    for place in product.places.indices {
      let advantage = product.advantage(
        at: place, over: { potential[$0] }, discount: discount)
      guard
        reward.updateValue(advantage, forKey: product.places[place].choice) ?? advantage
          == advantage
      else { return nil }
    }
    return .markov(
      reward: reward.filter { !$0.value.isZero },
      potential: Dictionary(uniqueKeysWithValues: zip(product.nodes, potential)).filter {
        !$0.value.isZero
      })
  }

  /// The simplest fraction within an error; `nil` if others are about as simple.
  private func fraction(near value: Rational, error: Rational) -> Rational? {
    let size = value.magnitude
    if size <= error { return 0 }
    let simple = Rational.simplest(from: size - error, through: size + error)
    let denominator = Rational(simple.denominator)
    guard denominator * denominator * error * 64 < 1 else { return nil }
    return value.signum < 0 ? -simple : simple
  }
}
