// What is here: linear tasks that leave the discount open: one discount at which a reward does, or
// conflicts that together leave no discount in [0, 1) out.
// Notation: at an infeasible sample γ₀ the conflict K is irreducible, so that its differences δ_k
// have one relation there and at most one over Q(γ); λ is that relation in coprime polynomials.
// Note: proofs-notes/free-discount.md

import Certificates
import ExactArithmetic
import ExactLinearAlgebra
import MarkovDecisionProcesses

/// Tasks in MR, RRL, or RM with a machine, whose specification may choose its discount.
struct FreeDiscountDesign {
  private typealias Piece = ExpressAnswer.DiscountRefutation.Piece

  private let task: ExpressTask
  private let options: ExpressOptions
  private let policies: [ExpressAnswer.Reference: ExpressTask.Object.Behaviour]

  init(_ task: ExpressTask, _ options: ExpressOptions) {
    self.task = task
    self.options = options
    policies = Dictionary(
      task.objects.map { (.name($0.name), $0.behaviour) }, uniquingKeysWith: { first, _ in first })
  }

  func answer() throws -> ExpressAnswer {
    var search = Search(first: task.model.discount ?? Rational(1, 2))
    while true {
      switch try search.next(options.progress) {
      case .sample(let discount):
        options.progress.report("discount \(discount), after \(search.pieces.count) pieces")
        let answer = try expressOrder(task.fixing(discount), options: options)
        guard case .farkas(let conflict) = answer.outcome else { return answer }
        search.add(try piece(conflict, at: discount), conflict, at: discount)
      case .near(let point):
        options.progress.report("near \(point.placeInWords)")
        search.add(try piece(coveringIrrational: point), at: point)
      case .end(let open):
        return ExpressAnswer(
          kind: task.kind, formalism: task.formalism, discount: nil,
          rewardSupport: task.rewardSupport,
          outcome: .noDiscount(
            ExpressAnswer.DiscountRefutation(
              pieces: try search.neededPieces(options.progress), open: open)))
      }
    }
  }

  /// The conflict with multipliers that depend on the discount; `nil` when it is one at single
  /// discounts only.
  private func piece(
    _ conflict: [ExpressAnswer.WeightedRequirement], at discount: Rational
  ) throws -> Piece? {
    let pairs = try conflict.map { term in
      (
        left: task.normalForm(of: try behaviour(term.requirement.left)),
        right: task.normalForm(of: try behaviour(term.requirement.right))
      )
    }
    var known = KnownParametricFeatures(in: task, progress: options.progress)
    guard let multipliers = try multipliers(pairs, &known) else { return nil }
    var sum = ParametricSum()
    for (pair, multiplier) in zip(pairs, multipliers) {
      sum.add(multiplier, pair.left)
      sum.add(-multiplier, pair.right)
    }
    guard try sum.firstDifference(&known, progress: options.progress) == nil else { return nil }
    // The relation is that of the sample up to a factor.
    for sign in [Integer.one, -1] {
      let piece = Piece(zip(conflict, multipliers).map { ($0.requirement, sign * $1) })
      if piece.condition.holds(at: discount) { return piece }
    }
    return nil
  }

  /// The relation of the differences of some pairs, if there is one.
  private func multipliers(
    _ pairs: [(left: ExpressTask.Object.Behaviour, right: ExpressTask.Object.Behaviour)],
    _ known: inout KnownParametricFeatures
  ) throws -> [Polynomial]? {
    // What never differs needs no features.
    if pairs.count == 1, pairs[0].left == pairs[0].right { return [.one] }
    var places: [ExpressTask.Object.Behaviour: Int] = [:]
    var features: [ParametricFeatures] = []
    for behaviour in pairs.flatMap({ [$0.left, $0.right] }) where places[behaviour] == nil {
      places[behaviour] = features.count
      options.progress.report("features \(features.count + 1) as functions of the discount")
      features.append(try known.features(of: behaviour))
    }
    let columns = pairs.map { (left: places[$0.left] ?? 0, right: places[$0.right] ?? 0) }
    return try ParametricKernel(
      vectors: vectors(features), columns: columns, progress: options.progress
    ).vector()
  }

  /// A piece that is a conflict at an irrational discount, if some conflict is one there and around.
  ///
  /// Near that discount its multipliers stay bounded where those of others, which are no conflicts
  /// there, grow beyond all bounds; so the shortest multipliers are looked at.
  private func piece(coveringIrrational point: AlgebraicNumber) throws -> Piece? {
    for bits in [8, 16, 32, 64] {
      let near = point.refined(toWidth: Rational(1, timesTwoToThe: -bits))
      for discount in [near.lower, near.upper] where discount.signum >= 0 && discount < 1 {
        let design = LinearDesign(task.fixing(discount), options)
        guard let conflict = try design.shortestConflict(at: discount),
          let piece = try piece(conflict, at: discount), piece.condition.holds(at: point)
        else { continue }
        return piece
      }
    }
    return nil
  }

  private func vectors(_ features: [ParametricFeatures]) -> [ParametricKernel.Vector] {
    let coordinates = features.reduce(into: Set<RewardCoordinate>()) {
      $0.formUnion($1.numerators.keys)
    }
    let rows = Dictionary(
      coordinates.sorted().enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
    return features.map { features in
      ParametricKernel.Vector(
        denominator: features.denominator,
        entries: features.numerators.compactMap { coordinate, numerator in
          rows[coordinate].map { ($0, numerator) }
        })
    }
  }

  private func behaviour(
    _ reference: ExpressAnswer.Reference
  ) throws -> ExpressTask.Object.Behaviour {
    if let known = policies[reference] { return known }
    guard case .policy(let actions) = reference else {
      preconditionFailure("answers name objects of the task")
    }
    return .policy(try Policy(actions, in: task.model))
  }
}

extension FreeDiscountDesign {
  /// Which discounts are settled, and which one to look at next.
  private struct Search {
    enum Step {
      case sample(Rational)
      /// A piece is wanted that holds at this irrational number.
      case near(AlgebraicNumber)
      /// Nothing is left but these irrational numbers.
      case end(open: [AlgebraicNumber])
    }

    private(set) var pieces: [Piece] = []
    private let first: Rational
    /// Discounts at which there is a conflict that is one there only.
    private var isolated: [Rational: [ExpressAnswer.WeightedRequirement]] = [:]

    /// Irrational numbers at which no piece was found.
    private var open: [AlgebraicNumber] = []

    init(first: Rational) {
      self.first = first
    }

    mutating func add(_ piece: Piece?, at point: AlgebraicNumber) {
      if let piece { pieces.append(piece) } else { open.append(point) }
    }

    /// Without those that others make superfluous.
    func neededPieces(_ progress: ProgressHandler) throws(Interrupted) -> [Piece] {
      let needed = try DiscountCover(of: pieces.map(\.condition), progress: progress)
        .neededConditions(preferring: { pieces[$0].size < pieces[$1].size })
      return needed.map { pieces[$0] }
    }

    mutating func add(
      _ piece: Piece?, _ conflict: [ExpressAnswer.WeightedRequirement], at discount: Rational
    ) {
      if let piece {
        pieces.append(piece)
      } else {
        isolated[discount] = conflict
      }
    }

    /// Each sample adds a conflict that was not there before, or one of finitely many discounts at
    /// which a conflict has more relations than elsewhere.
    mutating func next(_ progress: ProgressHandler) throws(Interrupted) -> Step {
      if pieces.isEmpty, isolated.isEmpty { return .sample(first) }
      while true {
        let uncovered = try DiscountCover(of: pieces.map(\.condition), progress: progress)
          .uncovered(progress: progress)
        // What is an interval first: its pieces may hold at single discounts as well.
        if let range = uncovered.first(where: { !$0.isPoint }) {
          return .sample(sample(in: range))
        }
        guard let point = uncovered.compactMap({ $0.lower.rationalValue }).first else {
          let next = uncovered.first { !open.contains($0.lower) }
          // Printed bounds tell where the number is.
          let width = Rational(1, timesTwoToThe: -20)
          return next.map { .near($0.lower) }
            ?? .end(open: open.map { $0.refined(toWidth: width) })
        }
        guard let conflict = isolated[point] else { return .sample(point) }
        pieces.append(
          Piece(
            at: point,
            zip(conflict, Polynomial.wholeMultiples(of: conflict.map(\.multiplier))).map {
              ($0.requirement, $1)
            }))
      }
    }

    /// A discount of the range that was not looked at.
    private func sample(in range: DiscountRange) -> Rational {
      guard let sample = range.sample else {
        preconditionFailure("an interval has rational numbers")
      }
      guard isolated[sample] != nil else { return sample }
      // The ends may be irrational; a neighbourhood of the sample is inside.
      var width = Rational(1, 64)
      while true {
        let (low, high) = (sample + width, sample + 2 * width)
        if range.upper.comparison(with: high) > 0 {
          let other = Rational.simplest(from: low, through: high)
          if isolated[other] == nil { return other }
        }
        width /= 4
      }
    }
  }
}

extension ExpressAnswer.DiscountRefutation.Piece {
  /// How much there is to print.
  fileprivate var size: Int {
    terms.reduce(0) { sum, term in
      sum + 2 + term.multiplier.coefficients.count { !$0.isZero }
    }
  }
}

extension Polynomial {
  /// The smallest positive whole multiples of some fractions, as constants.
  fileprivate static func wholeMultiples(of values: [Rational]) -> [Polynomial] {
    let common = values.reduce(Integer.one) { Integer.lcm($0, $1.denominator) }
    return values.map { Polynomial($0.numerator * common.exactlyDivided(by: $0.denominator)) }
  }
}

extension ExpressTask {
  /// The same task at one discount.
  fileprivate func fixing(_ discount: Rational) -> ExpressTask {
    asking(for: formalism, machine: machine, discount: .fixed(discount))
  }
}
