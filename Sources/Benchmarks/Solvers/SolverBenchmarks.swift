import Certificates
import ExactArithmetic
import MDPSolvers
import MarkovDecisionProcesses

/// A generated model with its problem.
private struct Subject {
  let name: String
  let problem: DiscountedProblem

  init(_ name: String, _ family: String, _ options: [String: String]) throws {
    self.name = name
    let model = try ModelFamily(family, options: options).model()
    problem = try DiscountedProblem(
      model: model, reward: model.rewards[0].name, discount: model.discount ?? 0)
  }

  /// The bits of the answer; 0 when there is none, which the table would show as no time at all.
  func solve(_ method: SolverMethod, _ scope: ValueScope) -> Int {
    var options = SolverOptions()
    options.method = method
    options.scope = scope
    let solution = try? MDPSolvers.solve(problem, options: options)
    return solution.map { 1 + ($0.statistics.denominatorBits ?? 0) } ?? 0
  }
}

/// Whole solves: all values exactly with every action checked, against plain exact policy
/// iteration where that is bearable; one exact initial value; bounds with a proved policy.
func solverBenchmarks(isQuick: Bool) throws -> [Benchmark] {
  var benchmarks: [Benchmark] = []
  for states in isQuick ? [100] : [100, 300, 1000, 3000] {
    let subject = try Subject("garnet", "garnet", ["states": "\(states)", "seed": "1"])
    benchmarks.append(exact(subject, size: "\(states)", hasReference: states <= 300))
  }
  if isQuick { return benchmarks }
  let others = [
    ("40x40", try Subject("gridworld", "gridworld", ["width": "40"])),
    ("2000", try Subject("chain", "chain", ["states": "2000"])),
  ]
  benchmarks += others.map { exact($1, size: $0, hasReference: false) }
  let large = try Subject("garnet", "garnet", ["states": "10000", "seed": "1"])
  benchmarks.append(
    Benchmark("Solve/garnet all values/10000") {
      large.solve(.auto, .all(isRequired: true))
    })
  benchmarks.append(
    Benchmark("Solve/garnet initial value/10000") { large.solve(.auto, .initial) })
  let huge = try Subject("garnet", "garnet", ["states": "100000", "seed": "1"])
  benchmarks.append(Benchmark("Solve/garnet bounds/100000") { huge.solve(.auto, .none) })
  return benchmarks
}

private func exact(_ subject: Subject, size: String, hasReference: Bool) -> Benchmark {
  let name = "Solve/\(subject.name) all values/\(size)"
  let ours = { subject.solve(.auto, .all(isRequired: true)) }
  guard hasReference else { return Benchmark(name, ours) }
  return Benchmark(
    name, against: "plain exact policy iteration", ours: ours,
    reference: { subject.solve(.policyIteration, .all(isRequired: true)) })
}
