import ExactArithmetic
import ExactJSON
import MarkovDecisionProcesses

extension AnswerWriter {
  func write(_ optimum: ExpressAnswer.Optimum) {
    write(optimum.reward)
    write(policy: optimum.policy)
    json.key("potential")
    json.beginObject()
    for (state, value) in optimum.potential { text(name(state), value.description) }
    json.endObject()
    if let bound = optimum.bound {
      json.key("optimality")
      write(bound)
    }
  }

  func write(_ conflicts: [ExpressAnswer.OptimumConflict]) {
    certificate("deviations") { list("conflicts", conflicts, write) }
  }

  func write(_ ranks: [(state: State, rank: Int)]) {
    certificate("unavoidable") {
      json.key("ranks")
      json.beginObject()
      for (state, rank) in ranks {
        json.key(name(state))
        json.integer(rank)
      }
      json.endObject()
    }
  }

  func write(visit run: Trajectory) {
    certificate("visit") {
      json.key("run")
      write(ExpressAnswer.Prefix(start: run.start, steps: run.steps))
    }
  }

  private func write(_ conflict: ExpressAnswer.OptimumConflict) {
    json.beginObject()
    list("constraints", conflict.constraints, write)
    list("deviations", conflict.deviations) { entry in
      json.beginArray()
      json.string(name(model.state(of: entry.choice)))
      json.string(name(model.action(of: entry.choice)))
      json.string(entry.multiplier.description)
      json.endArray()
    }
    json.endObject()
  }

  func write(policy: [(state: State, action: Action)]) {
    json.key("optimum")
    json.beginObject()
    for (state, action) in policy { text(name(state), name(action)) }
    json.endObject()
  }

  func write(_ refutations: [ExpressAnswer.Refutation]) {
    certificate("avoiding-policies") {
      list("policies", refutations) { refutation in
        json.beginObject()
        write(policy: refutation.best)
        AnswerWriter(answer: refutation.proof, task: task, json: json, decimals: nil).writeOutcome()
        json.endObject()
      }
    }
  }

  private func name(_ state: State) -> String { model.states[Int(state.index)] }

  private func name(_ action: Action) -> String { model.actions[Int(action.index)] }
}
