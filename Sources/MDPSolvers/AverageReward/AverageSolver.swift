// What is here: the way from an average-reward problem to an answer with its proof.
//   guide (doubles: a policy) → lift (exact gain and bias of the policy) → judge (every slack of
//   every action, exactly) → repair (better actions), until no action is better.

import Certificates
import ExactArithmetic
import MarkovDecisionProcesses

/// Solves one average-reward problem.
struct AverageSolver {
  let problem: AverageProblem
  let model: FiniteMDP
  let reward: PooledVector
  let options: SolverOptions
  private let start = ContinuousClock.now

  init(_ problem: AverageProblem, _ options: SolverOptions) {
    self.problem = problem
    model = problem.model
    reward = problem.maximizedReward
    self.options = options
  }

  private var progress: ProgressHandler { options.progress }
  private var iteration: MultichainIteration {
    MultichainIteration(model: model, reward: reward, progress: progress)
  }

  func solve() throws -> AverageSolution {
    if options.scope == .initial, problem.initial == nil { throw SolverError.noInitialLaw }
    switch options.method {
    case .policyIteration: return exact(try iteration.run(), method: .policyIteration)
    case .enumeration: return try solveByEnumeration()
    case .linearProgram: return try solveByLinearProgram()
    case .auto, .valueIteration:
      return exact(try iteration.run(from: guided()), method: .policyIteration)
    }
  }

  /// A policy that doubles hold for good.
  private func guided() throws(Interrupted) -> ContiguousArray<Int32> {
    var guide = AverageGuide(model, reward: reward, progress: progress)
    let work = 4 * (model.transitionCount + model.stateCount)
    try guide.run(limit: max(200, min(100_000, 400_000_000 / work)))
    return guide.isFinite ? guide.policy : ContiguousArray(model.choiceOffsets.dropLast())
  }

  /// The best of all policies; the third equation then needs a policy that solves it, which
  /// iteration finds from there without another change of gain or bias.
  private func solveByEnumeration() throws -> AverageSolution {
    let best = try AverageEnumeration(model, reward: reward, progress: progress).solve()
    let final = try iteration.run(from: best.policy)
    guard final.gain.entries == best.gain, final.bias.entries == best.bias else {
      preconditionFailure("the best of all policies is better than every policy")
    }
    return exact(final, method: .enumeration, iterations: best.visited)
  }

  /// The policy of a basic solution is evaluated before anything is claimed of it.
  private func solveByLinearProgram() throws -> AverageSolution {
    let program = try AverageProgram(model, reward: reward, progress: progress).solve()
    let final = try iteration.run(from: program.policy)
    return exact(final, method: .linearProgram, iterations: program.iterations)
  }

  private func exact(
    _ result: MultichainIteration.Result, method: SolverMethod, iterations: Int? = nil
  ) -> AverageSolution {
    let pair = GainBias(
      gain: problem.restored(result.gain), bias: problem.restored(result.bias))
    let actions = self.actions(of: result.policy)
    let certificate = AverageCertificate(
      objective: problem.objective,
      claim: .exact(pair, biasWitness: result.witness.map(problem.restored)), policy: actions)
    let optimal = (0..<model.stateCount).map { state in
      model.choiceRange(at: state).filter { result.isConserving[$0] }
        .map { Action(Int(model.choiceActions[$0])) }
    }
    return AverageSolution(
      terms: problem.objective, status: .exact, method: method, values: .exact(pair),
      isBiasOptimal: result.witness != nil,
      initialValue: problem.initial.map { .exact(mean(of: pair.gain, under: $0)) },
      policy: actions, optimalActions: optimal, certificate: certificate,
      statistics: Solution.Statistics(
        since: start, iterations: iterations ?? result.iterations,
        denominatorBits: max(pair.gain.denominatorBits, pair.bias.denominatorBits)),
      warnings: [])
  }

  private func actions(of policy: ContiguousArray<Int32>) -> [Action] {
    policy.map { Action(Int(model.choiceActions[Int($0)])) }
  }
}
