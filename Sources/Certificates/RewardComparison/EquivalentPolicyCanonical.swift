// What is here: the canonicalisations of the literature that ignore what can happen (EPIC) or look
// at transitions without their potentials (DARD). Both act on all triples of a model's names.
// Sources: Gleave et al., 2020 (EPIC); Wulfe et al., 2022 (DARD).
// Notation: n states, m actions, R(s,a,t) a table by triples; A uniform over all m actions.

import ExactArithmetic
import MarkovDecisionProcesses

extension CanonicalReward {
  /// `R(s,a,t) + E[γ R(t,A,S') - R(s,A,S') - γ R(S,A,S')]`, all laws uniform.
  ///
  /// - Complexity: O(n² m).
  public static func epic(
    _ function: RewardFunction, in model: FiniteMDP, discount: Rational
  ) -> RationalVector {
    let index = TripleIndex(model)
    let table = plain(function, in: model)
    let perState = index.actionCount * index.stateCount
    // E R(s,A,S') of each s.
    let means = (0..<index.stateCount).map { state in
      table[state * perState..<(state + 1) * perState].reduce(Rational.zero, +)
        / Rational(perState)
    }
    let mean = means.reduce(Rational.zero, +) / Rational(index.stateCount)
    return RationalVector(
      table.indices.map { place in
        let (state, _, successor) = index[place]
        return table[place] + discount * means[Int(successor.index)] - means[Int(state.index)]
          - discount * mean
      })
  }

  /// `R(s,a,t) + E[γ R(t,A,S'') - R(s,A,S') - γ R(S',A,S'')]` with `S' ~ P(s,A)`,
  /// `S'' ~ P(t,A)` (after `S'` in the last term), one and the same uniform `A` throughout.
  ///
  /// - Precondition: every action is available in every state.
  /// - Complexity: O(n² m + m · transitions).
  public static func dard(
    _ function: RewardFunction, in model: FiniteMDP, discount: Rational
  ) -> RationalVector {
    let index = TripleIndex(model)
    let table = plain(function, in: model)
    let expected = function.expected(in: model)
    let actions = Rational(index.actionCount)
    // E R(s,A,S'), and E R(S',A,S'') where both S'' are drawn under the one A.
    let means = (0..<index.stateCount).map { state in
      model.choiceRange(at: state).reduce(Rational.zero) { $0 + expected[$1] } / actions
    }
    // E over A, S' ~ P(s,A), S'' ~ P(t,A) of R(S',A,S''), for every s and t.
    var crossed = [Rational](repeating: 0, count: index.stateCount * index.stateCount)
    for state in 0..<index.stateCount {
      for successor in 0..<index.stateCount {
        crossed[state * index.stateCount + successor] =
          crossMean(table, state, successor, index, model) / actions
      }
    }
    return RationalVector(
      table.indices.map { place in
        let (state, _, successor) = index[place]
        let (s, t) = (Int(state.index), Int(successor.index))
        return table[place] + discount * means[t] - means[s]
          - discount * crossed[s * index.stateCount + t]
      })
  }

  /// `Σ_A Σ_{x,y} P(x|s,A) P(y|t,A) R(x,A,y)`.
  private static func crossMean(
    _ table: [Rational], _ s: Int, _ t: Int, _ index: TripleIndex, _ model: FiniteMDP
  ) -> Rational {
    var sum = Rational.zero
    for (first, second) in zip(model.choiceRange(at: s), model.choiceRange(at: t)) {
      let action = Int(model.choiceActions[first])
      for (x, p) in model.transitions(of: Choice(first)) {
        for (y, q) in model.transitions(of: Choice(second)) {
          let pair = Int(x.index) * index.actionCount + action
          sum += p * q * table[pair * index.stateCount + Int(y.index)]
        }
      }
    }
    return sum
  }
}
