import ExactArithmetic
import ExactJSON
import MarkovDecisionProcesses

extension PayingMachine {
  /// Reads a machine for a model: `{"format": "rationale-machine", "version": 1, "machine": …,
  /// "reward": [[u, s, a, r] or [u, s, a, s', r]…]}`, the machine as in a task of reward design and
  /// the reward as in an answer to one.
  ///
  /// - Throws: ``InputError``.
  public static func read(
    _ path: String, for model: FiniteMDP, limits: NumberLimits = .standard
  ) throws(InputError) -> PayingMachine {
    let document = try JSONDocument.read(path)
    let fields = try DocumentFields(document.root, file: InputFile.name(of: path))
    guard case .string("rationale-machine")? = fields["format"]?.kind else {
      throw fields.error("'rationale-machine' is expected", at: "format")
    }
    try fields.requireVersion()
    try fields.requireKeys(among: ["format", "version", "machine", "reward"])
    return try TaskReader(fields: fields, model: model, limits: limits, path: path)
      .payingMachine()
  }
}

extension TaskReader {
  /// The keys `machine` and `reward`.
  func payingMachine() throws(InputError) -> PayingMachine {
    guard let machine = try machine() else { throw fields.missing("machine") }
    let reward = try fields.optional("reward") { (node: JSONNode) throws(Malformed) in
      try payments(node, machine)
    }
    return PayingMachine(machine, reward ?? MachineReward())
  }

  private func payments(
    _ node: JSONNode, _ machine: RewardMachine
  ) throws(Malformed) -> MachineReward {
    var reward = MachineReward()
    _ = try read.list(node) { (entry: JSONNode) throws(Malformed) in
      guard case .array(let parts) = entry.kind, parts.count == 4 || parts.count == 5 else {
        throw entry.expected("[machine state, state, action, value], or a successor before it")
      }
      let name = try read.text(parts[0])
      guard let place = machine.states.place(of: name) else {
        throw Malformed("the machine has no state \(excerpt(name))")
      }
      let key = MachineReward.Entry(
        machine: place, state: try state(parts[1]), action: try action(parts[2]),
        successor: parts.count == 5 ? try state(parts[3]) : nil)
      guard reward.set(key, to: try read.number(parts[parts.count - 1])) else {
        throw Malformed("the entry is listed twice")
      }
    }
    return reward
  }
}
