import Certificates
import ExactArithmetic
import MarkovDecisionProcesses

/// Solves a stopping problem by the method that the options name.
struct StoppingSolver {
  let problem: StoppingProblem
  let options: SolverOptions
  /// The law of the first state, if its mean is wanted and is a number.
  let initial: [(state: State, probability: Rational)]?

  private var progress: ProgressHandler { options.progress }

  /// - Parameter start: a proper policy.
  func solve(from start: ContiguousArray<Int32>) throws -> StoppingOutcome {
    guard !problem.open.isEmpty else {
      let values = try problem.values(of: start, progress)
      return .solved(
        StoppingResult(
          policy: start, values: .exact(values), signs: try problem.signs(of: values, progress),
          iterations: 0))
    }
    switch options.method {
    case .auto: return try solveFast()
    case .valueIteration: return try solveFast(enclosing: true)
    case .policyIteration:
      return try StoppingIteration(problem: problem, progress: progress).solve(from: start)
    case .linearProgram:
      if let result = try StoppingProgram(problem: problem, progress: progress).solve() {
        return .solved(result)
      }
      // The program has a ray; policy iteration finds the policy behind it.
      return try StoppingIteration(problem: problem, progress: progress).solve(from: start)
    case .enumeration:
      return try StoppingEnumeration(problem: problem, progress: progress).solve(from: start)
    }
  }

  /// On the quotient, from a policy that doubles found.
  private func solveFast(enclosing: Bool = false) throws -> StoppingOutcome {
    progress.report("contracting end components")
    let quotient = try StoppingQuotient(problem)
    let search = StoppingSearch(problem: quotient.problem, progress: progress)
    switch try search.run(from: quotient.start) {
    case .unbounded(let policy, _, let proper):
      return unbounded(policy, proper, quotient)
    case .policy(let policy, let rounds):
      let enclosure = StoppingEnclosure(problem: quotient.problem, progress: progress)
      let needed = quotient.problem.builder.predictedMemory()
      let isTooLarge = needed > options.memoryLimit
      if isTooLarge, options.scope == .all(isRequired: true) {
        throw options.memoryShortage(needed)
      }
      let wantsAll = !enclosing && options.scope != .none && options.scope != .initial
      if !wantsAll || isTooLarge {
        if let bounds = try enclosure.prove(from: policy) {
          var result = lifted(
            bounds, quotient, warnings: wantsAll ? [options.tooLarge(needed)] : [])
          result.initialValue = try exactMean(bounds, quotient)
          if options.scope != .initial || initial == nil || result.initialValue != nil {
            return .solved(result)
          }
        }
        if isTooLarge { throw options.memoryShortage(needed) }
      }
      let exact = StoppingIteration(problem: quotient.problem, progress: progress)
      switch try exact.solve(from: try enclosure.improved(policy)) {
      case .unbounded(let policy, _, let proper): return unbounded(policy, proper, quotient)
      case .solved(let result):
        let whole = lifted(result, quotient, warnings: [])
        return .solved(whole.with(iterations: rounds + result.iterations))
      }
    }
  }

  /// The exact mean of the values under the initial law, if that is asked for and no action at a
  /// state that matters is left undecided by the bounds.
  private func exactMean(
    _ bounds: StoppingResult, _ quotient: StoppingQuotient
  ) throws -> Rational? {
    guard options.scope == .initial, let initial,
      case .enclosed(let lower, let upper) = bounds.values
    else { return nil }
    var known = Rational.zero
    var law: [(state: Int32, probability: Rational)] = []
    for (state, probability) in initial where !probability.isZero {
      if let value = problem.closedValues[Int(state.index)] {
        known += probability * value
        continue
      }
      let place = Int32(quotient.state(of: Int(state.index)))
      if let index = law.firstIndex(where: { $0.state == place }) {
        law[index].probability += probability
      } else {
        law.append((place, probability))
      }
    }
    guard !law.isEmpty else { return known }
    let contracted = quotient.problem
    let reachable = statesReachable(
      from: law.map(\.state), under: bounds.policy, in: contracted.model
    ).filter { contracted.isOpen(Int($0)) }
    guard
      try contracted.areDecided(
        Set(reachable), by: (lower, upper), under: bounds.policy, progress),
      let mean = try contracted.builder.streamedMean(
        under: law, of: bounds.policy, on: reachable, progress)
    else { return nil }
    return known + mean
  }

  private func unbounded(
    _ policy: ContiguousArray<Int32>, _ proper: ContiguousArray<Int32>,
    _ quotient: StoppingQuotient
  ) -> StoppingOutcome {
    let lifted = quotient.lifted(policy)
    return .unbounded(
      policy: lifted, trapped: problem.trapped(by: lifted), proper: quotient.lifted(proper))
  }

  private func lifted(
    _ result: StoppingResult, _ quotient: StoppingQuotient, warnings: [String]
  ) -> StoppingResult {
    let values: CertifiedVector =
      switch result.values {
      case .exact(let vector): .exact(quotient.lifted(vector))
      case .enclosed(let lower, let upper):
        .enclosed(lower: quotient.lifted(lower), upper: quotient.lifted(upper))
      }
    return StoppingResult(
      policy: quotient.lifted(result.policy), values: values, signs: nil,
      iterations: result.iterations, warnings: warnings)
  }
}

extension StoppingProblem {
  /// Whether at these states every other choice is worse than the policy's, or the same.
  fileprivate func areDecided(
    _ states: Set<Int32>, by bounds: (lower: RationalVector, upper: RationalVector),
    under policy: ContiguousArray<Int32>, _ progress: ProgressHandler
  ) throws -> Bool {
    let reference = policy.indices.map { state in
      Choice(Int(policy[state] < 0 ? model.choiceOffsets[state] : policy[state]))
    }
    let signs = try judge.lookaheadSigns(
      of: bounds.upper, against: bounds.lower, at: reference, progress: progress)
    return states.allSatisfy { state in
      let chosen = Int(policy[Int(state)])
      return choices(at: Int(state)).allSatisfy { choice in
        choice == chosen || signs[choice] < 0
          || model.haveEqualRows(choice, chosen, reward: reward)
      }
    }
  }
}

extension SolverMethod {
  /// The method that an answer names.
  var answering: SolverMethod { self == .auto ? .policyIteration : self }
}

extension FiniteMDP {
  /// The action of each choice of a policy; `nil` where it has none.
  func actions(of policy: ContiguousArray<Int32>) -> [Action?] {
    policy.map { $0 < 0 ? nil : Action(Int(choiceActions[Int($0)])) }
  }
}
