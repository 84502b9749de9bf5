import Certificates
import ExactArithmetic
import LinearProgramSolvers
import LinearPrograms
import MarkovDecisionProcesses

extension PayingMachine {
  /// Decides whether a reward on the model's own states and actions is worth the same as the
  /// machine's, for every policy (with the machine's state as memory, too) and up to a constant.
  ///
  /// - Throws: ``Interrupted``.
  /// - Complexity: one exact linear system with an equation for each reachable choice of the
  ///   product, solved as a linear program.
  ///
  /// Source: ours; `proofs-notes/markov-machine.md`.
  public func markov(
    on model: FiniteMDP, discount: Rational, progress: ProgressHandler = .none
  ) throws -> MarkovMachine {
    let product = MarkovMachine.ReachableProduct(self, model)
    var builder = LinearProgramBuilder(direction: .minimize)
    var rewards: [Choice: Int] = [:]
    for choice in product.places.map(\.choice) where rewards[choice] == nil {
      rewards[choice] = try builder.addColumn("r\(choice.index)", lower: nil)
    }
    var potentials: [MarkovMachine.Node: Int] = [:]
    for (number, node) in product.nodes.enumerated() {
      potentials[node] = try builder.addColumn("p\(number)", lower: nil)
    }
    for place in product.places {
      var entries: [Int: Rational] = [:]
      if let column = rewards[place.choice] { entries[column] = 1 }
      let own = MarkovMachine.Node(machine: place.machine, state: model.state(of: place.choice))
      if let column = potentials[own] { entries[column, default: 0] += 1 }
      for (node, probability) in product.successors(of: place) {
        if let column = potentials[node] { entries[column, default: 0] -= discount * probability }
      }
      let payment = product.payment(at: place)
      try builder.addRow(
        lower: payment, upper: payment,
        entries: entries.filter { !$0.value.isZero }.sorted { $0.key < $1.key }.map {
          (column: $0.key, coefficient: $0.value)
        })
    }
    let solution = try LinearProgramSolvers.solve(
      builder.build(), options: LPOptions(progress: progress))
    if let point = solution.primal {
      return .markov(
        reward: rewards.mapValues { point[$0] }.filter { !$0.value.isZero },
        potential: potentials.mapValues { point[$0] }.filter { !$0.value.isZero })
    }
    guard case .infeasible(.farkas(let multipliers)) = solution.certificate else {
      preconditionFailure("the program has free columns and the objective 0")
    }
    return .notMarkov(
      Dictionary(uniqueKeysWithValues: zip(product.places, multipliers)).filter {
        !$0.value.isZero
      })
  }
}
