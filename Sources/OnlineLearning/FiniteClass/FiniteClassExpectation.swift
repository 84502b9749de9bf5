import ExactArithmetic
import MarkovDecisionProcesses

/// The exact law of LOOP's first steps: all histories, each with its probability.
public struct FiniteClassExpectation: Sendable, Hashable {
  /// The expected regret after 0, 1, …, n steps.
  public let regrets: [Rational]
  /// The probability that the true model is dead after 0, 1, …, n steps; `nil` without a truth.
  public let deadTruth: [Rational]?
}

extension FiniteClassExperiment {
  /// The most situations that are kept apart at one step.
  private static let mostSituations = 1_000_000

  private struct History: Hashable {
    let state: State
    let situation: FiniteClassLearner.Situation
  }

  /// Enumerates the histories of `steps` steps; those with the same future are one.
  ///
  /// - Complexity: the number of different situations, which may double with each step.
  /// - Throws: ``Interrupted``, for reasons of memory past a million situations.
  public func expectation(
    steps: Int, progress: ProgressHandler = .none
  ) throws(Interrupted) -> FiniteClassExpectation {
    var layer: [History: (learner: FiniteClassLearner, probability: Rational)] = [
      History(state: start, situation: learner.situation): (learner, 1)
    ]
    var regrets = [Rational.zero]
    var dead = [Rational.zero]
    for step in 0..<steps {
      progress.report("enumerating histories", fraction: Double(step) / Double(steps))
      var next: [History: (learner: FiniteClassLearner, probability: Rational)] = [:]
      var earned = Rational.zero
      var place = 0
      for (history, entry) in layer {
        if place & 0x3FF == 0 { try progress.checkpoint() }
        place += 1
        let choice = entry.learner.choice(at: history.state)
        for (successor, probability) in model.transitions(of: choice) {
          let weight = entry.probability * probability
          earned += weight * reward(choice, successor)
          var learner = entry.learner
          learner.observe(choice, successor)
          let key = History(state: successor, situation: learner.situation)
          next[key, default: (learner, 0)].probability += weight
        }
        guard next.count <= Self.mostSituations else { throw Interrupted(.memoryLimit) }
      }
      layer = next
      regrets.append(regrets[step] + gain - earned)
      if let truth {
        dead.append(
          layer.values.reduce(Rational.zero) { sum, entry in
            entry.learner.isAlive[truth] ? sum : sum + entry.probability
          })
      }
    }
    return FiniteClassExpectation(regrets: regrets, deadTruth: truth == nil ? nil : dead)
  }
}
