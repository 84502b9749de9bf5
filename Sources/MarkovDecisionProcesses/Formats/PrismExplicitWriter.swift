import ExactArithmetic

/// Writes PRISM's explicit files: transitions, state names, labels, transition rewards.
struct PrismExplicitWriter {
  private let model: FiniteMDP
  private let output: TextOutput
  private let rewards: [(name: String, function: RewardFunction)]

  /// - Throws: ``WriteError`` for a reward that does not exist, and for names that PRISM's files
  ///   have no way to write.
  init(_ model: FiniteMDP, _ output: TextOutput, _ options: WriteOptions) throws {
    self.model = model
    self.output = output
    rewards = try Self.rewards(model, options)
    for (name, _) in model.labels + rewards.map({ ($0.name, []) })
    where name.isEmpty || name.contains(where: { $0 == "\"" || $0.isNewline }) {
      throw WriteError.unwritableName(.prismExplicit, name)
    }
  }

  /// The rewards to write: all of them, or the one that is asked for.
  private static func rewards(
    _ model: FiniteMDP, _ options: WriteOptions
  ) throws(WriteError) -> [(name: String, function: RewardFunction)] {
    guard let name = options.reward else { return model.rewards }
    guard let function = model.reward(named: name) else {
      throw .unknownReward(name, names: model.rewards.map(\.name))
    }
    return [(name, function)]
  }

  /// The parts of the files of `model`: `sta` where the states have names, and `1.trew`, `2.trew`,
  /// as PRISM numbers them, where there are several rewards.
  static func parts(_ model: FiniteMDP, _ options: WriteOptions) throws(WriteError) -> [String] {
    let count = try rewards(model, options).count
    let rewardParts = count > 1 ? (1...count).map { "\($0).trew" } : ["trew"]
    let holdsNames = !model.states.isCount && StateNames.hold(model.states)
    return ["tra"] + (holdsNames ? ["sta"] : []) + ["lab"] + rewardParts
  }

  /// Writes the file with the extension `part`.
  func write(_ part: String) throws -> [String] {
    switch part {
    case "tra":
      writeTransitions()
      return notes
    case "sta": PrismStates.write(model.states, output)
    case "lab": return writeLabels()
    case "trew": writeRewards(rewards.first)
    default:
      let number = Int(part.prefix { $0.isNumber }) ?? 0
      writeRewards((1...rewards.count).contains(number) ? rewards[number - 1] : nil)
    }
    return []
  }

  private var notes: [String] {
    var notes = model.changedNames("prism-explicit")
    if !StateNames.hold(model.states) {
      notes.append(
        "prism-explicit cannot hold all state names as they are: states are numbers there")
    }
    return notes
  }

  private func writeTransitions() {
    output.write("\(model.stateCount) \(model.choiceCount) \(model.transitionCount)\n")
    var actions = LineNames(model.actions)
    var texts = PoolTexts(model.probabilityPool)
    for state in 0..<model.stateCount {
      let choices = model.choiceRange(at: state)
      for choice in choices {
        model.visitAscending(choice) { transition in
          writeRow(
            state, choice - choices.lowerBound, model.successors[transition],
            texts[model.probabilities[transition]])
          output.write(" " as Unicode.Scalar)
          output.write(actions[model.choiceActions[choice]])
          output.write("\n" as Unicode.Scalar)
        }
      }
    }
  }

  private func writeRow(_ state: Int, _ choice: Int, _ successor: Int32, _ number: [UInt8]) {
    output.write(Int32(state))
    output.write(" " as Unicode.Scalar)
    output.write(Int32(choice))
    output.write(" " as Unicode.Scalar)
    output.write(successor)
    output.write(" " as Unicode.Scalar)
    output.write(number)
  }

  private func writeLabels() -> [String] {
    let names =
      ["init", "deadlock"]
      + model.labels.map(\.name).filter {
        $0 != "init" && $0 != "deadlock"
      }
    let places = Dictionary(uniqueKeysWithValues: names.enumerated().map { ($1, $0) })
    let header = names.enumerated().map { "\($0)=\"\($1)\"" }.joined(separator: " ")
    output.write(header + "\n")
    let (labels, losesLaw) = model.stateLabels()
    for (state, own) in labels.sorted(by: { $0.key < $1.key }) {
      let numbers = own.compactMap { places[$0].map(String.init) }
      output.write("\(state): \(numbers.joined(separator: " "))\n")
    }
    return losesLaw ? [DRNWriter.lawNote("prism-explicit")] : []
  }

  private func writeRewards(_ reward: (name: String, function: RewardFunction)?) {
    if let reward, reward.name != "default" || rewards.count > 1 {
      output.write("# Reward structure \"\(reward.name)\"\n")
      output.write("\(PrismComment.Kind.transitionRewards.rawValue)\n")
    }
    let rows = TransitionRewards(model, reward?.function)
    var count = 0
    rows.visit { _, _, _, _ in count += 1 }
    output.write("\(model.stateCount) \(model.choiceCount) \(count)\n")
    rows.visit { state, choice, successor, value in
      writeRow(state, choice, successor, Array(value.description.utf8))
      output.write("\n" as Unicode.Scalar)
    }
  }
}

/// The rewards of the transitions that are possible, where they are not 0.
private struct TransitionRewards {
  let model: FiniteMDP
  let reward: RewardFunction?

  init(_ model: FiniteMDP, _ reward: RewardFunction?) {
    self.model = model
    self.reward = reward
  }

  /// Calls `body` with state, number of the choice at the state, successor and reward.
  func visit(_ body: (Int, Int, Int32, Rational) -> Void) {
    guard let reward else { return }
    var entry = 0
    for state in 0..<model.stateCount {
      let choices = model.choiceRange(at: state)
      for choice in choices {
        let key = (Int32(state), model.choiceActions[choice])
        while entry < reward.entryCount, (reward.states[entry], reward.actions[entry]) < key {
          entry += 1
        }
        let first = entry
        while entry < reward.entryCount, (reward.states[entry], reward.actions[entry]) == key {
          entry += 1
        }
        if entry == first { continue }
        model.visitAscending(choice) { transition in
          let successor = model.successors[transition]
          let sum = self.sum(first..<entry, successor, reward)
          if !sum.isZero { body(state, choice - choices.lowerBound, successor, sum) }
        }
      }
    }
  }

  /// The sum of the entries that hold for `successor`.
  private func sum(_ entries: Range<Int>, _ successor: Int32, _ reward: RewardFunction) -> Rational
  {
    var sum = Rational.zero
    for entry in entries where reward.successors[entry] < 0 || reward.successors[entry] == successor
    {
      sum = sum + reward.values[entry]
    }
    return sum
  }
}
