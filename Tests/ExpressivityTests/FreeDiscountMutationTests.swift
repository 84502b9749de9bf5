import Certificates
import ExactArithmetic
import Expressivity
import TestSupport
import Testing

/// Spoiled certificates about all discounts are rejected.
@Suite("Spoiled answers about a free discount", .tags(.mutation))
struct FreeDiscountMutationTests {
  private typealias Refutation = ExpressAnswer.DiscountRefutation
  private typealias Piece = ExpressAnswer.DiscountRefutation.Piece

  private func isAccepted(_ text: String, _ task: ExpressTask) throws -> Bool {
    try ExpressAnswerDocument.read(bytes: [UInt8](text.utf8), path: "answer")
      .verify(against: task).isAccepted
  }

  private func answer(_ pieces: [Piece], open: [AlgebraicNumber] = [], to task: ExpressTask)
    -> ExpressAnswer
  {
    ExpressAnswer(
      kind: task.kind, formalism: task.formalism, discount: nil,
      rewardSupport: task.rewardSupport,
      outcome: .noDiscount(Refutation(pieces: pieces, open: open)))
  }

  private static let tasks: [@Sendable () throws -> ExpressTask] = [
    { try FreeDiscountTasks.bandit(["x > z", "zxx > xzz", "xzzz > zxxx"], ownDiscount: "1/10") },
    { try FreeDiscountTasks.bandit(["x > z", "zxx = xzz"], ownDiscount: "1/10") },
    { try FreeDiscountTasks.half(["na > nb", "m >= la"]) },
    {
      try WorkedTasks.task(
        "policy-order", "MR", on: WorkedTasks.roads,
        """
        "discount":"any","policies":\(WorkedTasks.roadPolicies),
        "ranking":[["shortX","longX"],["shortY","longY"]]
        """)
    },
  ]

  @Test("a coefficient, all signs, a piece less, a requirement less", arguments: 0..<4)
  func numbers(number: Int) throws {
    let task = try Self.tasks[number]()
    guard case .noDiscount(let refutation) = try checkedAnswer(to: task).outcome else {
      Issue.record("the task is expressible")
      return
    }
    let (pieces, open) = (refutation.pieces, refutation.open)
    func expectRejected(_ changed: [Piece], _ what: Comment) throws {
      let changed = try fileText(of: answer(changed, open: open, to: task), to: task)
      #expect(!(try isAccepted(changed, task)), what)
    }
    for (place, piece) in pieces.enumerated() {
      var changed = pieces
      changed.remove(at: place)
      try expectRejected(changed, "a piece less")
      for term in piece.terms.indices {
        var terms = piece.terms
        terms.remove(at: term)
        changed = pieces
        changed[place] = Piece(at: piece.place, terms)
        try expectRejected(changed, "a requirement less")
        for exponent in 0...piece.terms[term].multiplier.degree + 1 {
          terms = piece.terms
          terms[term].multiplier =
            terms[term].multiplier
            + Polynomial([Integer](repeating: 0, count: exponent) + [1])
          changed[place] = Piece(at: piece.place, terms)
          try expectRejected(changed, "a coefficient")
        }
      }
      changed = pieces
      changed[place] = Piece(
        at: piece.place, piece.terms.map { ($0.requirement, -$0.multiplier) })
      try expectRejected(changed, "all signs")
      changed[place] = Piece(at: Rational(1, 3), piece.terms)
      try expectRejected(changed, "a piece at one discount only")
      changed[place] = pieces[(place + 1) % pieces.count]
      if pieces.count > 1 { try expectRejected(changed, "a piece replaced by another") }
    }
  }

  @Test("names swapped, another task, another discount")
  func names() throws {
    let task = try Self.tasks[3]()
    let whole = try fileText(of: try checkedAnswer(to: task), to: task)
    for (old, new) in [
      ("\"longX\"", "\"longY\""), ("\"shortX\"", "\"shortY\""), ("\"=\"", "\">=\""),
      ("\"discount\":\"any\"", "\"discount\":\"1/2\""), ("\"MR\"", "\"RRL\""),
      ("\"expressible\":false", "\"expressible\":null,\"undecided\":\"\""),
      ("\"farkas-any\"", "\"farkas\""),
    ] {
      let changed = whole.replacing(old, with: new)
      #expect(changed != whole, "\(old)")
      let accepted = (try? isAccepted(changed, task)) ?? false
      #expect(!accepted, "\(old)")
    }
    let fixed = task.asking(for: .markovReward, machine: nil, discount: .fixed(Rational(1, 2)))
    #expect(!(try isAccepted(whole, fixed)))
    // A contradiction at one discount proves nothing about the others.
    #expect(!(try isAccepted(fileText(of: express(fixed), to: fixed), task)))
  }

  @Test("an undecided answer names the discounts that are open")
  func open() throws {
    let task = try Self.tasks[1]()
    guard case .noDiscount(let refutation) = try checkedAnswer(to: task).outcome else {
      Issue.record("the task is expressible")
      return
    }
    let other = try #require(AlgebraicNumber(rootOf: Polynomial([-1, 2, 1]), from: 0, to: 1))
    for open in [[], [other]] {
      let changed = text(refutation.pieces, open, task)
      #expect(!(try isAccepted(changed, task)))
    }
    let whole = text(refutation.pieces, refutation.open, task)
    #expect(try isAccepted(whole, task))
    let claimed = whole.replacing("\"expressible\":null", with: "\"expressible\":false")
    #expect(!(try isAccepted(claimed, task)))
    let wide = whole.replacing(/"lower":"[^"]*"/, with: "\"lower\":\"-2\"")
    #expect(!(try isAccepted(wide, task)))
  }

  private func text(
    _ pieces: [Piece], _ open: [AlgebraicNumber], _ task: ExpressTask
  ) -> String {
    (try? fileText(of: answer(pieces, open: open, to: task), to: task)) ?? ""
  }

  @Test("a conflict at one discount only: exact there, and worth nothing elsewhere")
  func point() throws {
    // At γ = 1/2 the differences have a relation that they have nowhere else.
    let task = try FreeDiscountTasks.half(["na > nb"])
    let requirement = { (left: String, relation: ExpressTask.Relation, right: String) in
      ExpressAnswer.Requirement(.name(left), relation, .name(right))
    }
    let terms: [(requirement: ExpressAnswer.Requirement, multiplier: Polynomial)] = [
      (requirement("na", .equal, "la"), Polynomial([1])),
      (requirement("nb", .equal, "lb"), Polynomial([-1])),
      (requirement("na", .greater, "nb"), Polynomial([-1, 2])),
    ]
    let around = [
      Piece(terms), Piece(terms.map { ($0.requirement, -$0.multiplier) }),
    ]
    // Everything but 1/2 is covered; there the task is expressible, so no piece can be right.
    #expect(!(try isAccepted(text(around, [], task), task)))
    for multiplier in [Polynomial([1]), .zero] {
      let point = Piece(
        at: Rational(1, 2), terms.dropLast() + [(terms[2].requirement, multiplier)])
      #expect(!(try isAccepted(text(around + [point], [], task), task)))
    }
  }
}
