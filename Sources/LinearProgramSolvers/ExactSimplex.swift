// What is here: the primal simplex method over the rationals, from any basis.
// Phase 1 lowers the sum of infeasibilities, phase 2 the cost. In a run of steps of length 0 the
// point, hence the set of violated bounds and the phase's cost, stay; Bland's rule ends such a run,
// and any other step lowers a sum that no basis repeats. Source: Bland 1977;
// proofs-notes/exact-basis.md.

import ExactArithmetic

/// A basis with its point and multipliers, all exact.
struct SimplexState: Sendable {
  let kernel: BasisKernel
  let point: VariableValues
  /// -1 below its lower bound, 1 above its upper bound, 0 within; one entry a variable.
  let violation: [Int8]
  let isFeasible: Bool
  /// The cost of the phase: the program's, or the sum of infeasibilities.
  let cost: [Rational]
  let multipliers: Multipliers
  /// Variables that are not basic and whose reduced cost has the wrong sign, ascending, each with
  /// the direction in which it lowers the cost.
  let candidates: [(variable: Int, sign: Int)]

  var basis: Basis { kernel.basis }
}

/// How the simplex method ends.
enum SimplexEnd: Sendable {
  case optimal(SimplexState)
  /// The sum of infeasibilities is least and not 0.
  case infeasible(SimplexState)
  /// The point is feasible, and the cost falls for ever along the ray (one entry a column).
  case unbounded(SimplexState, ray: RationalVector)
}

struct ExactSimplex: Sendable {
  let form: SlackForm
  let progress: ProgressHandler
  /// Steps of length 0 in a row before Bland's rule takes over.
  var patience = 12
  private(set) var pivots = 0

  init(_ form: SlackForm, progress: ProgressHandler) {
    self.form = form
    self.progress = progress
  }

  /// Solves everything that belongs to a basis; one that is singular is repaired first.
  func state(
    _ basis: Basis, isKnownRegular: Bool = false
  ) throws(Interrupted) -> SimplexState {
    var basis = basis
    let kernel = try BasisKernel.factor(
      form, &basis, isKnownRegular: isKnownRegular, progress)
    let point = try kernel.point(progress)
    let violation = violations(point, basis)
    let isFeasible = violation.allSatisfy { $0 == 0 }
    let cost = isFeasible ? form.cost : violation.map { Rational(Int($0)) }
    let multipliers = try kernel.multipliers(cost, progress)
    return SimplexState(
      kernel: kernel, point: point, violation: violation, isFeasible: isFeasible, cost: cost,
      multipliers: multipliers, candidates: candidates(basis, cost, multipliers))
  }

  /// The point of a basis if no bound is violated there.
  func feasiblePoint(_ basis: Basis) throws(Interrupted) -> RationalVector? {
    var basis = basis
    let kernel = try BasisKernel.factor(form, &basis, isKnownRegular: false, progress)
    let point = try kernel.point(progress)
    return violations(point, basis).allSatisfy { $0 == 0 } ? point.columnVector : nil
  }

  private func violations(_ point: VariableValues, _ basis: Basis) -> [Int8] {
    (0..<form.variableCount).map { v in
      guard basis.isBasic(v) else { return 0 }
      if let lower = form.lower[v], point.compare(v, to: lower) < 0 { return -1 }
      if let upper = form.upper[v], point.compare(v, to: upper) > 0 { return 1 }
      return 0
    }
  }

  private func candidates(
    _ basis: Basis, _ cost: [Rational], _ multipliers: Multipliers
  ) -> [(variable: Int, sign: Int)] {
    var found: [(variable: Int, sign: Int)] = []
    var sum = Accumulator()
    for v in 0..<form.variableCount where !basis.isBasic(v) && !form.isFixed(v) {
      let sign = multipliers.reducedCostSign(v, form, cost, &sum)
      let improves =
        switch basis.status[v] {
        case .atLower: sign < 0
        case .atUpper: sign > 0
        case .free: sign != 0
        case .basic: false
        }
      if improves { found.append((v, -sign)) }
    }
    return found
  }

  /// The end that a state without candidates is.
  func end(_ state: SimplexState) -> SimplexEnd? {
    guard state.candidates.isEmpty else { return nil }
    return state.isFeasible ? .optimal(state) : .infeasible(state)
  }

  /// Pivots from `start` until an end is reached, which is after finitely many steps.
  ///
  /// - Parameter first: a variable to try first, such as one that promises a ray.
  /// - Throws: ``Interrupted``.
  mutating func run(
    from start: SimplexState, first: Int? = nil
  ) throws(Interrupted) -> SimplexEnd {
    var state = start
    var stillSteps = 0
    var preferred = first
    while true {
      if let end = end(state) { return end }
      try progress.checkpoint()
      let entering = choice(state, isBland: stillSteps > patience, preferred)
      preferred = nil
      let direction = try state.kernel.direction(entering.variable, progress)
      guard let step = ratioTest(state, entering, direction) else {
        return .unbounded(state, ray: ray(direction, entering.sign))
      }
      stillSteps = step.length.isZero ? stillSteps + 1 : 0
      pivots += 1
      progress.report("pivoting exactly, step \(pivots)")
      state = try self.state(after(state.basis, entering, step), isKnownRegular: true)
    }
  }

  private func choice(
    _ state: SimplexState, isBland: Bool, _ preferred: Int?
  ) -> (variable: Int, sign: Int) {
    if isBland { return state.candidates[0] }
    if let wanted = state.candidates.first(where: { $0.variable == preferred }) { return wanted }
    // Dantzig's rule; doubles only rank, any candidate would do.
    var best = state.candidates[0]
    var most = -1.0
    for candidate in state.candidates.prefix(2_000) {
      let size = abs(
        Double(state.multipliers.reducedCost(candidate.variable, form, state.cost)))
      if size > most { (most, best) = (size, candidate) }
    }
    return best
  }

  /// One way to end a move of a variable that is not basic.
  struct Step {
    var length: Rational
    /// `nil`: the entering variable goes to its other bound.
    var leaving: Int?
    var leavingStatus: Basis.Status
  }

  /// The first bound that stops the step; the lowest variable among equals.
  private func ratioTest(
    _ state: SimplexState, _ entering: (variable: Int, sign: Int), _ direction: VariableValues
  ) -> Step? {
    steps(state, entering, direction).first
  }

  /// All bounds that stop the step first, the entering variable's own at the front and the others
  /// in order; none on a ray.
  func steps(
    _ state: SimplexState, _ entering: (variable: Int, sign: Int), _ direction: VariableValues
  ) -> [Step] {
    var best: [Step] = []
    let q = entering.variable
    if let lower = form.lower[q], let upper = form.upper[q] {
      let status: Basis.Status = entering.sign > 0 ? .atUpper : .atLower
      best = [Step(length: upper - lower, leaving: nil, leavingStatus: status)]
    }
    for v in 0..<form.variableCount where state.basis.isBasic(v) {
      let sign = direction.signum(v) * entering.sign
      guard sign != 0, let (bound, status) = stop(v, sign, state.violation[v]) else { continue }
      let length = ((bound - state.point[v]) / direction[v]).magnitude
      if let least = best.first?.length, least < length { continue }
      if let least = best.first?.length, least > length { best = [] }
      best.append(Step(length: length, leaving: v, leavingStatus: status))
    }
    return best
  }

  /// The bound that a basic variable must not pass when it moves up or down.
  private func stop(
    _ v: Int, _ sign: Int, _ violation: Int8
  ) -> (bound: Rational, status: Basis.Status)? {
    switch (sign > 0, violation) {
    case (true, -1): form.lower[v].map { ($0, .atLower) }
    case (true, 0): form.upper[v].map { ($0, .atUpper) }
    case (false, 0): form.lower[v].map { ($0, .atLower) }
    case (false, 1): form.upper[v].map { ($0, .atUpper) }
    default: nil
    }
  }

  func after(
    _ basis: Basis, _ entering: (variable: Int, sign: Int), _ step: Step
  ) -> Basis {
    var next = basis
    if let leaving = step.leaving {
      next.status[leaving] = step.leavingStatus
      next.status[entering.variable] = .basic
    } else {
      next.status[entering.variable] = step.leavingStatus
    }
    return next
  }

  func ray(_ direction: VariableValues, _ sign: Int) -> RationalVector {
    sign > 0 ? direction.columnVector : -direction.columnVector
  }
}
