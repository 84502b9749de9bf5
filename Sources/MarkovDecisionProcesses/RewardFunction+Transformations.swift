import ExactArithmetic

/// Changes of a reward that keep the order of policies.
///
/// Source: J. Skalse, L. Farnik, S. R. Motwani, E. Jenner, A. Gleave and A. Abate, *STARC: a
/// general framework for quantifying differences between reward functions*, 2023; shaping: A. Y.
/// Ng, D. Harada and S. Russell, ICML 1999.
extension RewardFunction {
  /// `γ Φ(t) - Φ(s)` on every possible transition `(s, a, t)` of `model`.
  ///
  /// Added to a reward it lowers every policy's discounted value at `s` by exactly `Φ(s)`.
  ///
  /// - Parameters:
  ///   - potential: `Φ`, one entry a state.
  ///   - discount: `γ`.
  /// - Complexity: O(transitions).
  public static func potentialShaping(
    _ potential: RationalVector, discount: Rational, in model: FiniteMDP
  ) -> RewardFunction {
    precondition(potential.count == model.stateCount, "one potential a state")
    let values = potential.entries
    return RewardFunction(
      summing: (0..<model.choiceCount).lazy.flatMap { index in
        let choice = Choice(index)
        let here = -values[Int(model.state(of: choice).index)]
        return [Entry(choice: choice, in: model, value: here)]
          + model.transitions(of: choice).map { transition in
            Entry(
              state: model.state(of: choice), action: model.action(of: choice),
              successor: transition.successor,
              value: discount * values[Int(transition.successor.index)])
          }
      })
  }

  /// `γ Φ(t) - Φ(s)` on every triple `(s, a, t)`, possible or not.
  ///
  /// - Complexity: O(states² × actions) entries.
  public static func potentialShapingEverywhere(
    _ potential: RationalVector, discount: Rational, in model: FiniteMDP
  ) -> RewardFunction {
    precondition(potential.count == model.stateCount, "one potential a state")
    let values = potential.entries
    var list = EntryList()
    for state in 0..<Int32(model.stateCount) {
      for action in 0..<Int32(model.actions.count) {
        list.append(
          EntryKey(state: state, action: action, successor: -1), -values[Int(state)])
        for successor in 0..<Int32(model.stateCount) {
          list.append(
            EntryKey(state: state, action: action, successor: successor),
            discount * values[Int(successor)])
        }
      }
    }
    return list.function()
  }

  /// This reward with a potential shaping added, on every triple `(s, a, t)` where something can
  /// happen.
  public func shaped(
    by potential: RationalVector, discount: Rational, in model: FiniteMDP
  ) -> RewardFunction {
    self + .potentialShaping(potential, discount: discount, in: model)
  }

  /// The conditional mean `r(s, a)`, for every successor, on the available choices.
  ///
  /// It is the redistribution of this reward over successors that does not depend on them.
  public func conditionalMean(in model: FiniteMDP) -> RewardFunction {
    let means = expected(in: model)
    return RewardFunction(
      summing: (0..<model.choiceCount).lazy.map { choice in
        Entry(choice: Choice(choice), in: model, value: means[choice])
      })
  }

  /// This reward plus what `other` has around its conditional mean: an S'-redistribution, since
  /// the mean of every choice stays.
  public func redistributed(by other: RewardFunction, in model: FiniteMDP) -> RewardFunction {
    self + other - other.conditionalMean(in: model)
  }

  /// Whether the two differ by an S'-redistribution: every choice has the same mean.
  public func isRedistribution(of other: RewardFunction, in model: FiniteMDP) -> Bool {
    let (a, b) = (expected(in: model), other.expected(in: model))
    return (0..<model.choiceCount).allSatisfy { a[$0] == b[$0] }
  }
}

/// One function can be listed in several ways, since a number on `(s, a)` is a number on each
/// `(s, a, t)`.
extension RewardFunction {
  /// The listing that is the same for equal functions on `stateCount` states.
  ///
  /// At each `(s, a)` the number for every successor is the value that most successors have (of
  /// several such the least), and successors with another value are listed. It has no more
  /// entries than this listing, up to one a pair `(s, a)`.
  public func normalForm(stateCount: Int) -> RewardFunction {
    var list = EntryList()
    var start = 0
    while start < entryCount {
      var end = start + 1
      while end < entryCount, states[end] == states[start], actions[end] == actions[start] {
        end += 1
      }
      appendNormalForm(of: start..<end, stateCount: stateCount, to: &list)
      start = end
    }
    return list.function()
  }

  /// Whether `R(s, a, t)` is the same everywhere, possible or not.
  public func hasSameValues(as other: RewardFunction, stateCount: Int) -> Bool {
    let (a, b) = (normalForm(stateCount: stateCount), other.normalForm(stateCount: stateCount))
    return a.states == b.states && a.actions == b.actions && a.successors == b.successors
      && (0..<a.entryCount).allSatisfy { a.values[$0] == b.values[$0] }
  }

  private func appendNormalForm(
    of range: Range<Int>, stateCount: Int, to list: inout EntryList
  ) {
    let hasBase = successors[range.lowerBound] < 0
    let base = hasBase ? values[range.lowerBound] : 0
    let exceptions = range.dropFirst(hasBase ? 1 : 0).map {
      (successor: successors[$0], value: base + values[$0])
    }
    var counts = [base: stateCount - exceptions.count]
    for (_, value) in exceptions { counts[value, default: 0] += 1 }
    let most = counts.values.max() ?? 0
    let newBase = counts.filter { $0.value == most }.keys.min() ?? base
    let (state, action) = (states[range.lowerBound], actions[range.lowerBound])
    list.append(EntryKey(state: state, action: action, successor: -1), newBase)
    // With another base, successors that had no entry need one.
    let listed = Dictionary(uniqueKeysWithValues: exceptions.map { ($0.successor, $0.value) })
    let places =
      newBase == base ? exceptions.map(\.successor) : Array(0..<Int32(stateCount))
    for successor in places {
      let value = listed[successor] ?? base
      list.append(
        EntryKey(state: state, action: action, successor: successor), value - newBase)
    }
  }
}
