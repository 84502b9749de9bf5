import ExactArithmetic
import ExactJSON
import MarkovDecisionProcesses

extension RewardMachine {
  /// Writes the machine as the field `machine` of a task, with the names of `model`.
  public func write(to json: JSONWriter, for model: FiniteMDP) {
    json.beginObject()
    json.key("states")
    json.beginArray()
    for name in states.names { json.string(name) }
    json.endArray()
    json.key("initial")
    json.string(states[initial])
    json.key("transitions")
    json.beginArray()
    for place in 0..<states.count {
      for transition in transitions(from: place) {
        json.beginArray()
        json.string(states[transition.source])
        transition.condition.write(to: json, for: model)
        json.string(states[transition.target])
        json.endArray()
      }
    }
    json.endArray()
    json.endObject()
  }
}

extension RewardMachine.Guard {
  fileprivate func write(to json: JSONWriter, for model: FiniteMDP) {
    json.beginObject()
    if let states { list("state", states.sorted().map { model.states[Int($0.index)] }, json) }
    if let actions {
      list("action", actions.sorted().map { model.actions[Int($0.index)] }, json)
    }
    if let successors {
      list("next", successors.sorted().map { model.states[Int($0.index)] }, json)
    }
    if !literals.isEmpty { list("on", literals.map(\.text), json) }
    if !nextLiterals.isEmpty { list("onNext", nextLiterals.map(\.text), json) }
    json.endObject()
  }

  /// One name stands alone.
  private func list(_ key: String, _ names: [String], _ json: JSONWriter) {
    json.key(key)
    if let name = names.first, names.count == 1 { return json.string(name) }
    json.beginArray()
    for name in names { json.string(name) }
    json.endArray()
  }
}

extension RewardMachine.Literal {
  fileprivate var text: String { isNegated ? "!" + proposition : proposition }
}

extension PayingMachine {
  /// Writes the machine as a file of its own, which ``read(_:for:limits:)`` reads back.
  public func write(to json: JSONWriter, for model: FiniteMDP) {
    json.beginObject()
    json.key("format")
    json.string(DocumentKind.machine.rawValue)
    json.key("version")
    json.integer(1)
    writeParts(to: json, for: model)
    json.endObject()
  }

  /// Writes the keys `machine` and `reward` of an object.
  func writeParts(to json: JSONWriter, for model: FiniteMDP) {
    json.key("machine")
    machine.write(to: json, for: model)
    json.key("reward")
    json.beginArray()
    for (entry, value) in reward.entries where !value.isZero {
      json.beginArray()
      json.string(machine.states[entry.machine])
      json.string(model.states[Int(entry.state.index)])
      json.string(model.actions[Int(entry.action.index)])
      if let successor = entry.successor { json.string(model.states[Int(successor.index)]) }
      json.string(value.description)
      json.endArray()
    }
    json.endArray()
  }
}
