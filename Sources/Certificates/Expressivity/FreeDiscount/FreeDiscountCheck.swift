// What is here: the check that no reward expresses a task whatever the discount. Features are computed
// as functions of the discount, so that the certificate need not say anything about them; where its
// polynomials have which signs is decided here. Note: proofs-notes/free-discount.md

import ExactArithmetic
import MarkovDecisionProcesses

/// Checks refutations of a task that leaves the discount open.
struct FreeDiscountCheck {
  private let check: ExpressCheck
  private let pieces: [WrittenPiece]
  private var task: ExpressTask { check.task }

  init(_ check: ExpressCheck, _ pieces: [WrittenPiece]) throws(CheckFailure) {
    self.check = check
    self.pieces = pieces
    try require(
      check.task.usesDiscount && check.task.discount == .any,
      "certificate: it is about all discounts, but the task does not leave the discount open")
    try require(
      check.document.discount == nil, "discount: the answer is about all discounts, not about one")
    try require(
      check.document.rewardSupport ?? check.task.rewardSupport == check.task.rewardSupport,
      "rewardOn: the task says '\(check.task.rewardSupport.rawValue)'")
  }

  func verdict() throws(CheckFailure) -> Verdict {
    var conditions: [ConflictCondition] = []
    var known = KnownParametricFeatures(in: task, progress: check.progress)
    for (number, piece) in pieces.enumerated() {
      check.progress.report("piece \(number + 1) of \(pieces.count)")
      conditions.append(try condition(piece, "certificate.pieces[\(number)]", &known))
    }
    let open = try openDiscounts()
    let uncovered: [DiscountRange]
    do throws(Interrupted) {
      uncovered = try DiscountCover(of: conditions, progress: check.progress)
        .uncovered(progress: check.progress)
    } catch {
      throw .interrupted(error)
    }
    for range in uncovered where !(range.isPoint && open.contains(range.lower)) {
      let place = range.sample.map { "γ = \($0)" } ?? range.lower.placeInWords
      throw .rejected("certificate: at \(place) no piece is a contradiction")
    }
    return verdict(open)
  }

  private func verdict(_ open: [AlgebraicNumber]) -> Verdict {
    let count = pieces.count
    let claim =
      "no \(task.formalism.rawValue) reward meets the requirements of the task at any discount in"
      + " [0, 1)"
    let reason =
      count == 1
      ? "the weighted differences of the features cancel for all of them"
      : "at each of them the weighted differences of the features of one of \(count) pieces cancel"
    guard !open.isEmpty else {
      return .accepted(statement: "\(claim): \(reason)", warnings: [])
    }
    let places = open.map(\.placeInWords).joined(separator: ", ")
    return .accepted(
      statement: "\(claim) but perhaps \(places)",
      warnings: ["the task is not decided: nothing is proved for \(places)"])
  }

  private func openDiscounts() throws(CheckFailure) -> [AlgebraicNumber] {
    try require(
      (check.document.isExpressible == nil) == !check.document.open.isEmpty,
      "open: discounts are left open exactly where 'expressible' is null")
    var open: [AlgebraicNumber] = []
    for (place, written) in check.document.open.enumerated() {
      guard let polynomial = written.polynomial else {
        throw .rejected("open[\(place)]: a fraction can be decided; bounds need a 'polynomial'")
      }
      guard
        let number = AlgebraicNumber(rootOf: polynomial, from: written.lower, to: written.upper)
      else {
        throw .rejected(
          "open[\(place)]: the polynomial has to have exactly one root between the bounds")
      }
      open.append(number)
    }
    return open
  }

  /// The condition under which a piece is a contradiction, after checking that its requirements are
  /// those of the task and that their weighted differences cancel.
  private func condition(
    _ piece: WrittenPiece, _ place: String,
    _ known: inout KnownParametricFeatures
  ) throws(CheckFailure) -> ConflictCondition {
    var terms: [(relation: ExpressTask.Relation, multiplier: Polynomial)] = []
    var sum = ParametricSum()
    var fixedSum: RewardFeatures = [:]
    if let discount = piece.place {
      try require(
        discount.signum >= 0 && discount < 1, "\(place).at: it is \(discount), not in [0, 1)")
    }
    for (number, written) in piece.requirements.enumerated() {
      try check.checkpoint()
      let requirement = try check.requirement(written, "\(place).constraints[\(number)]")
      let multiplier = piece.multipliers[number]
      terms.append((requirement.relation, multiplier))
      for (behaviour, weight) in [(requirement.left, multiplier), (requirement.right, -multiplier)]
      {
        if let discount = piece.place {
          let features = CheckedFeatures(of: task, discount: discount)
          let factor = weight.value(at: discount)
          for (coordinate, value) in try features.features(of: behaviour).fractions {
            fixedSum[coordinate, default: 0] += factor * value
          }
        } else {
          sum.add(weight, task.normalForm(of: behaviour))
        }
      }
    }
    let difference = try difference(sum, &known) ?? fixedSum.filter { !$0.value.isZero }.keys.min()
    if let difference {
      throw .rejected(
        "\(place): the weighted differences do not cancel at \(task.describe(difference))")
    }
    return ConflictCondition(terms, at: piece.place)
  }

  private func difference(
    _ sum: ParametricSum, _ known: inout KnownParametricFeatures
  ) throws(CheckFailure) -> RewardCoordinate? {
    do throws(Interrupted) {
      return try sum.firstDifference(&known, progress: check.progress)
    } catch {
      throw .interrupted(error)
    }
  }
}

extension ExpressTask {
  /// Whether values are linear in a table of rewards and depend on a discount.
  package var usesDiscount: Bool { isLinear && formalism != .limitAverage }

  /// An unknown of a reward, for a message.
  func describe(_ coordinate: RewardCoordinate) -> String {
    switch coordinate {
    case .regulariser: return "the regulariser of a law"
    case .entry(_, let state, let action, let successor):
      var text = "the state \(model.name(state))"
      if let action { text += ", the action \(model.name(action))" }
      if let successor { text += ", the successor \(model.name(successor))" }
      return text
    }
  }
}

extension ExpressCheck {
  /// Rejects a proof of an impossibility at one discount where the task leaves it open.
  func requireOneDiscount() throws(CheckFailure) {
    try require(
      !(task.usesDiscount && task.discount == .any),
      "certificate: the task leaves the discount open, and this is about one discount only")
  }
}
