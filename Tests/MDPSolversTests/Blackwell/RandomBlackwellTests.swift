import Certificates
import ExactArithmetic
import MDPSolvers
import MarkovDecisionProcesses
import TestSupport
import Testing

@Suite("Blackwell optimality of random small models", .tags(.differential))
struct RandomBlackwellTests {
  private func generator(_ seed: UInt64) -> RandomModel {
    var generator = RandomModel(seed: seed)
    generator.largestStateCount = 4
    return generator
  }

  private func discountedValues(
    _ model: FiniteMDP, _ discount: Rational, _ direction: Direction,
    _ method: SolverMethod = .policyIteration
  ) throws -> Solution {
    try solved(
      model, reward: "main", direction: direction, discount: discount, method: method)
  }

  @Test("inside the a-priori interval the policy is optimal", arguments: 0..<3 as Range<UInt64>)
  func aPriori(seed: UInt64) throws {
    var generator = generator(seed)
    for index in 0..<15 {
      let model = try generator.next()
      let direction: Direction = index % 2 == 0 ? .maximize : .minimize
      let solution = try blackwellSolved(model, direction: direction)
      let label: Comment = "seed \(seed), model \(index)"
      let near = (1 + solution.aPrioriBound) / 2
      try #require(solution.start.comparison(with: solution.aPrioriBound) <= 0, label)
      // There optimal for one discount is optimal for all above.
      let reference = try discountedValues(model, near, direction)
      let optimal = try #require(reference.optimalActions)[0]
      try #require(solution.optimalActions == optimal, label)
    }
  }

  @Test(
    "on all pieces the values are those of enumeration, and the starts are where they change",
    arguments: 10..<12 as Range<UInt64>)
  func pieces(seed: UInt64) throws {
    var generator = generator(seed)
    for index in 0..<8 {
      let model = try generator.next()
      let direction: Direction = index % 3 == 0 ? .minimize : .maximize
      let label: Comment = "seed \(seed), model \(index)"
      let solution = try blackwellSolved(model, direction: direction, includesPieces: true)
      for discount in places(between: solution.pieces) {
        let reference = try discountedValues(model, discount, direction, .enumeration)
        let values = try #require(reference.exactValues)
        for state in 0..<model.stateCount {
          try #require(solution.value(at: state, discount: discount) == values[state], label)
        }
      }
      // The start alone, found from above, is the start of the last piece.
      let direct = try blackwellSolved(model, direction: direction)
      try #require(direct.start == solution.start, label)
      try #require(direct.gain == solution.gain && direct.bias == solution.bias, label)
      try #require(direct.optimalActions == solution.optimalActions, label)
    }
  }

  /// Places in every piece, at its ends where they are rational, and a few at random.
  private func places(between pieces: [BlackwellSolution.Piece]) -> [Rational] {
    var places: [Rational] = [0, Rational(1, 2), Rational(99, 100)]
    for piece in pieces {
      places.append((piece.from.upper + piece.to.lower) / 2)
      if piece.from.isExact { places.append(piece.from.lower) }
      // Next to a breakpoint on both sides of it, but for the bits of its enclosure.
      let width = (piece.to.lower - piece.from.upper) / 1000
      places += [piece.from.upper + width, piece.to.lower - width]
    }
    return places.map { Rational($0.floor(timesTwoToThe: 30), timesTwoToThe: -30) }
      + pieces.compactMap { $0.from.isExact ? $0.from.lower : nil }
  }

  @Test("Laurent coefficients are those of the chain", arguments: 20..<23 as Range<UInt64>)
  func laurent(seed: UInt64) throws {
    var generator = generator(seed)
    for index in 0..<15 {
      let model = try generator.next()
      let solution = try blackwellSolved(model, order: 3)
      let reward = model.rewards[0].function.expected(in: model)
      let policy = ContiguousArray(
        try solution.policy.enumerated().map { state, action in
          try #require(model.choice(of: action, at: State(state))).index
        })
      var series = LaurentSeries(of: policy, in: model, reward: reward)
      for (place, vector) in solution.laurentCoefficients.enumerated() {
        let term = try series.term(place - 1)
        try #require(vector == term, "seed \(seed), model \(index), level \(place - 1)")
      }
    }
  }

  @Test(
    "gain, bias and conserving actions agree with the average reward's",
    arguments: 30..<33 as Range<UInt64>)
  func average(seed: UInt64) throws {
    var generator = generator(seed)
    for index in 0..<20 {
      let model = try generator.next()
      let label: Comment = "seed \(seed), model \(index)"
      let solution = try blackwellSolved(model, order: -1)
      let average = try averageSolved(model)
      let exact = try #require(average.exactValues)
      try #require(solution.gain == exact.gain && solution.bias == exact.bias, label)
      try #require(solution.optimalActions == average.optimalActions, label)
      // The higher the order, the fewer actions; Blackwell's are the last.
      var sets = solution.optimalActions.map(Set.init)
      for order in [0, 1, model.stateCount] {
        let next = try blackwellSolved(model, order: order).optimalActions.map(Set.init)
        try #require(zip(next, sets).allSatisfy { $0.isSubset(of: $1) }, label)
        sets = next
      }
      try #require(try blackwellSolved(model).optimalActions.map(Set.init) == sets, label)
    }
  }
}

@Suite("Certificates of Blackwell optimality", .tags(.mutation))
struct BlackwellCertificateTests {
  @Test("any other start, policy or denominator is rejected", arguments: 0..<3 as Range<UInt64>)
  func mutations(seed: UInt64) throws {
    var generator = RandomModel(seed: seed)
    generator.largestStateCount = 5
    for index in 0..<25 {
      let model = try generator.next()
      let label: Comment = "seed \(seed), model \(index)"
      let solution = try blackwellSolved(model, includesPieces: true)
      func expect(_ isAccepted: Bool, _ change: (inout [DiscountPiece]) -> Void) throws {
        let verdict = try solution.certificate(pieces: change).verify(in: model)
        try #require(verdict.isAccepted == isAccepted, label)
      }
      try expect(true) { _ in }
      for place in solution.pieces.indices {
        let piece = solution.certificate.pieces[place]
        let end = solution.pieces[place].to
        let later = AlgebraicNumber((piece.from.upper + end.lower) / 2)
        // Later: the policy is optimal for smaller discounts too, or the one before is not.
        try expect(false) { $0[place] = piece.with(from: later) }
        if place > 0 {
          let before = solution.certificate.pieces[place - 1].from
          let earlier = AlgebraicNumber((before.upper + piece.from.lower) / 2)
          try expect(false) { $0[place] = piece.with(from: earlier) }
        }
        try expect(false) {
          $0[place] = piece.with(denominator: piece.denominator * Polynomial([-1, 2]))
        }
        // A denominator need not be the least one.
        try expect(true) {
          $0[place] = piece.with(denominator: piece.denominator * Polynomial([3, -2]))
        }
      }
      if solution.pieces.count > 1 {
        try expect(false) { pieces in
          pieces.removeFirst()
          pieces[0] = pieces[0].with(from: AlgebraicNumber(0))
        }
        try expect(true) { $0.removeFirst() }
        try expect(false) { $0.swapAt(0, 1) }
      }
      try expect(false) { $0.append($0[$0.count - 1].with(from: AlgebraicNumber(1))) }
      try otherPolicies(solution, model, label)
    }
  }

  /// Where another action is not optimal near 1, the policy that takes it is rejected.
  private func otherPolicies(
    _ solution: BlackwellSolution, _ model: FiniteMDP, _ label: Comment
  ) throws {
    for state in 0..<model.stateCount {
      for choice in model.choices(at: State(state)) {
        let action = model.action(of: choice)
        guard !solution.optimalActions[state].contains(action) else { continue }
        var policy = solution.policy
        policy[state] = action
        let last = solution.certificate.last
        let spoiled = solution.certificate { pieces in
          pieces = [
            DiscountPiece(from: last.from, policy: policy, denominator: last.denominator)
          ]
        }
        try #require(try !spoiled.verify(in: model).isAccepted, label)
      }
    }
  }
}

extension DiscountPiece {
  fileprivate func with(
    from: AlgebraicNumber? = nil, denominator: Polynomial? = nil
  ) -> DiscountPiece {
    DiscountPiece(
      from: from ?? self.from, policy: policy, denominator: denominator ?? self.denominator)
  }
}
