// What is here: doubles and GLPK, which propose a basis. Nothing here decides anything.

internal import CGLPK
import ExactArithmetic

/// A program in doubles, minimised: what GLPK is given.
struct FloatingProgram {
  var offsets: [Int32] = [0]
  var columns: [Int32] = []
  var coefficients: [Double] = []
  var rowLower: [Double] = []
  var rowUpper: [Double] = []
  var columnLower: [Double] = []
  var columnUpper: [Double] = []
  var cost: [Double] = []
}

/// What GLPK found.
struct FloatingAnswer {
  enum Outcome { case optimal, infeasible, unbounded, undecided }
  var outcome: Outcome
  /// Statuses, in GLPK's numbering.
  var rowStatus: [Int32]
  var columnStatus: [Int32]
  /// A row or, counted after the rows, a column of which a ray starts.
  var unbounded: Int?
  var iterations: Int
}

/// Hands `program` to GLPK.
///
/// GLPK keeps a state per thread; each call makes and frees its own, so that calls from several
/// tasks do not meet.
///
/// - Parameter start: statuses to start from.
/// - Returns: `nil` when GLPK gave up on an internal error.
/// - Throws: ``Interrupted`` within some hundred iterations of the request.
func solveInDoubles(
  _ program: FloatingProgram, method: LPOptions.FloatingMethod,
  start: (rows: [Int32], columns: [Int32])?, progress: ProgressHandler
) throws(Interrupted) -> FloatingAnswer? {
  try progress.checkpoint()
  let rowCount = program.rowLower.count
  let columnCount = program.cost.count
  var answer = FloatingAnswer(
    outcome: .undecided,
    rowStatus: start?.rows ?? Array(repeating: 0, count: rowCount),
    columnStatus: start?.columns ?? Array(repeating: 0, count: columnCount),
    unbounded: nil, iterations: 0)
  let code = call(program, method, startsFromBasis: start != nil, progress, &answer)
  switch code {
  case RATIONALE_GLPK_OPTIMAL: answer.outcome = .optimal
  case RATIONALE_GLPK_INFEASIBLE: answer.outcome = .infeasible
  case RATIONALE_GLPK_UNBOUNDED: answer.outcome = .unbounded
  case RATIONALE_GLPK_UNDECIDED: answer.outcome = .undecided
  case RATIONALE_GLPK_STOPPED:
    try progress.checkpoint()
    return nil
  default: return nil
  }
  return answer
}

private func call(
  _ program: FloatingProgram, _ method: LPOptions.FloatingMethod, startsFromBasis: Bool,
  _ progress: ProgressHandler, _ answer: inout FloatingAnswer
) -> Int {
  var handler = progress
  return withUnsafeMutablePointer(to: &handler) { handler in
    var options = rationale_glpk_options()
    options.method = Int32(method.code)
    options.scales = 1
    options.starts_from_basis = startsFromBasis ? 1 : 0
    options.seconds = .infinity
    // On badly scaled programs rounding can make it wander for ever; the exact method goes on from
    // where it is then. A program that it can solve takes far fewer steps.
    let size = program.rowLower.count + program.cost.count
    options.iterations = Int32(clamping: 2_000 + 50 * size)
    options.context = UnsafeMutableRawPointer(handler)
    options.should_stop = { context in
      guard let context else { return 0 }
      let handler = context.assumingMemoryBound(to: ProgressHandler.self)
      do { try handler.pointee.checkpoint() } catch { return 1 }
      return 0
    }
    return run(program, &options, &answer)
  }
}

private func run(
  _ p: FloatingProgram, _ options: inout rationale_glpk_options, _ answer: inout FloatingAnswer
) -> Int {
  // The arrays outlive the closures that lend them, which is all that the call needs.
  let integers = [p.offsets, p.columns]
  let doubles = [
    p.coefficients, p.rowLower, p.rowUpper, p.columnLower, p.columnUpper, p.cost,
  ]
  return withPointers(integers) { integers in
    withPointers(doubles) { doubles in
      answer.rowStatus.withUnsafeMutableBufferPointer { rowStatus in
        answer.columnStatus.withUnsafeMutableBufferPointer { columnStatus in
          var problem = rationale_glpk_problem(
            row_count: Int32(p.rowLower.count), column_count: Int32(p.cost.count),
            offsets: integers[0], columns: integers[1], coefficients: doubles[0],
            row_lower: doubles[1], row_upper: doubles[2], column_lower: doubles[3],
            column_upper: doubles[4], cost: doubles[5])
          var result = rationale_glpk_answer()
          result.row_status = rowStatus.baseAddress
          result.column_status = columnStatus.baseAddress
          let code = rationale_glpk_solve(&problem, &options, &result)
          answer.iterations = Int(result.iterations)
          answer.unbounded = result.unbounded < 0 ? nil : Int(result.unbounded)
          return Int(code)
        }
      }
    }
  }
}

/// Lends the arrays' storage, one after the other.
private func withPointers<Element, R>(
  _ arrays: [[Element]], _ body: ([UnsafePointer<Element>?]) -> R
) -> R {
  func lend(_ index: Int, _ pointers: [UnsafePointer<Element>?]) -> R {
    if index == arrays.count { return body(pointers) }
    return arrays[index].withUnsafeBufferPointer {
      lend(index + 1, pointers + [$0.baseAddress])
    }
  }
  return lend(0, [])
}

extension LPOptions.FloatingMethod {
  fileprivate var code: Int {
    switch self {
    case .primal: RATIONALE_GLPK_PRIMAL
    case .dual: RATIONALE_GLPK_DUAL_THEN_PRIMAL
    }
  }
}

extension Basis.Status {
  var glpkStatus: Int32 {
    switch self {
    case .basic: Int32(RATIONALE_GLPK_BASIC)
    case .atLower: Int32(RATIONALE_GLPK_AT_LOWER)
    case .atUpper: Int32(RATIONALE_GLPK_AT_UPPER)
    case .free: Int32(RATIONALE_GLPK_FREE)
    }
  }

  init(glpkStatus: Int32) {
    self =
      switch Int(glpkStatus) {
      case RATIONALE_GLPK_BASIC: .basic
      case RATIONALE_GLPK_AT_UPPER: .atUpper
      case RATIONALE_GLPK_FREE: .free
      default: .atLower
      }
  }
}
