import ExactArithmetic
import ExactJSON
import MarkovDecisionProcesses

extension MachineAnswerReader {
  func markov() throws(InputError) -> Fit {
    let given = try machine("given")
    let discount = try fields.required("discount", read.number)
    let common = ["initial", "given", "discount", "markov"]
    guard try fields.required("markov", read.truth) else {
      if fields["multipliers"] == nil {
        try requireKeys(common + ["choice", "machines", "values", "apart"])
        return try apart(given, discount)
      }
      try requireKeys(common + ["multipliers", "difference"])
      return try notMarkov(given, discount)
    }
    try requireKeys(common + ["reward", "potential"])
    let rewardRows = try rows("reward", "[state, action, number]", names: 2, isValued: true)
    let potentialRows = try rows(
      "potential", "[machine state, state, number]", names: 2, isValued: true)
    return { (model) throws(CheckFailure) in
      let given = try given(model)
      var reward: [Choice: Rational] = [:]
      for row in rewardRows {
        let choice = try model.choice(
          row.names[1], at: model.state(row.names[0], in: "reward"), in: "reward")
        try require(
          reward.updateValue(row.value, forKey: choice) == nil,
          "reward: an entry is listed twice")
      }
      var potential: [MarkovMachine.Node: Rational] = [:]
      for row in potentialRows {
        let node = MarkovMachine.Node(
          machine: try given.machine.place(row.names[0], in: "potential"),
          state: try model.state(row.names[1], in: "potential"))
        try require(
          potential.updateValue(row.value, forKey: node) == nil,
          "potential: an entry is listed twice")
      }
      return .markov(
        .markov(reward: reward, potential: potential), of: given, discount: discount)
    }
  }

  private func notMarkov(
    _ given: @escaping Machine, _ discount: Rational
  ) throws(InputError) -> Fit {
    let rows = try rows(
      "multipliers", "[machine state, state, action, number]", names: 3, isValued: true)
    let difference = try fields.required("difference", read.number)
    return { (model) throws(CheckFailure) in
      let given = try given(model)
      var multipliers: [MarkovMachine.Place: Rational] = [:]
      for row in rows {
        let place = MarkovMachine.Place(
          machine: try given.machine.place(row.names[0], in: "multipliers"),
          choice: try model.choice(
            row.names[2], at: model.state(row.names[1], in: "multipliers"), in: "multipliers"))
        try require(
          multipliers.updateValue(row.value, forKey: place) == nil,
          "multipliers: an entry is listed twice")
      }
      let markov = MarkovMachine.notMarkov(multipliers)
      try require(
        difference == markov.difference(of: given, on: model),
        "difference: it is not what the multipliers are paid")
      return .markov(markov, of: given, discount: discount)
    }
  }

  private func apart(
    _ given: @escaping Machine, _ discount: Rational
  ) throws(InputError) -> Fit {
    let two = { (node: JSONNode) throws(Malformed) in
      let references = try read.list(node, of: read.reference)
      guard references.count == 2 else { throw node.expected("two names") }
      return references
    }
    let (choice, machines) = (
      try fields.required("choice", two), try fields.required("machines", two)
    )
    let rows = try rows(
      "values", "[machine state, state, action, number]", names: 3, isValued: true)
    let gap = try fields.required("apart", read.number)
    return { (model) throws(CheckFailure) in
      let given = try given(model)
      var (policy, values) = ([State: Choice](), [MarkovMachine.Node: Rational]())
      for row in rows {
        let state = try model.state(row.names[1], in: "values")
        let choice = try model.choice(row.names[2], at: state, in: "values")
        try require(
          policy.updateValue(choice, forKey: state) ?? choice == choice,
          "values: there are two actions at \(model.name(state))")
        let place = try given.machine.place(row.names[0], in: "values")
        try require(
          values.updateValue(row.value, forKey: .init(machine: place, state: state)) == nil,
          "values: an entry is listed twice")
      }
      let advantages = MarkovMachine.ApartAdvantages(
        choice: try model.choice(
          choice[1], at: model.state(choice[0], in: "choice"), in: "choice"),
        machines: (
          try given.machine.place(machines[0], in: "machines"),
          try given.machine.place(machines[1], in: "machines")
        ),
        policy: policy, values: values, gap: gap)
      return .markov(.apart(advantages), of: given, discount: discount)
    }
  }
}
