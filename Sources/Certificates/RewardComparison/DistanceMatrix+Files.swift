import ExactArithmetic
import ExactJSON
import MarkovDecisionProcesses

extension DistanceMatrix {
  /// Writes the answer with its proof as one JSON object.
  ///
  /// Values stand over common denominators, and canonical forms follow from them.
  ///
  /// - Parameters:
  ///   - model: names the states and the actions.
  ///   - decimal: text of a number for a sibling field `…Decimal`, `nil` for none.
  public func write(
    to writer: JSONWriter, names model: FiniteMDP, decimal: ((Rational) -> String)? = nil
  ) {
    let comparison = ComparisonWriter(
      answer: rewards,
      fields: FieldWriter(writer: writer, model: model, omitted: [], isCompact: true),
      decimal: decimal)
    let fields = comparison.fields
    writer.beginObject()
    comparison.head(status: Self.status)
    fields.field("boundConstants") { comparison.write(boundConstants) }
    comparison.list("pairs", pairs) { pair in
      let names = [rewards.rewards[pair.first].name, rewards.rewards[pair.second].name]
      writer.beginObject()
      comparison.list("rewards", names, writer.string)
      comparison.number("distance", pair.distance)
      fields.field("sameOrdering") { writer.bool(pair.sameOrdering) }
      fields.field("reversedOrdering") { writer.bool(pair.reversedOrdering) }
      fields.field("sameOptimalPolicies") { writer.bool(pair.sameOptimalPolicies) }
      if let equivalence = pair.equivalence {
        fields.field("orderingCertificate") { comparison.write(equivalence, names) }
      }
      if let certificate = pair.distanceCertificate {
        fields.field("certificate") {
          writer.beginObject()
          fields.field("distance") { comparison.write(certificate) }
          writer.endObject()
        }
      }
      writer.endObject()
    }
    writer.endObject()
  }
}

/// A matrix of distances as its file holds it, before it meets a model.
struct WrittenDistanceMatrix: Sendable {
  struct Pair: Sendable {
    let names: [String]
    let distance: ComparisonAnswer.Number
    let sameOrdering: Bool
    let reversedOrdering: Bool
    let sameOptimalPolicies: Bool
    let equivalence: WrittenComparison.Ordering?
    let distanceCertificate: WrittenComparison.DistanceCertificate?
  }

  let rewards: WrittenComparison
  let boundConstants: (lower: Rational, upper: Rational)?
  let pairs: [Pair]

  /// Whether the document says that it holds distances alone.
  static func isIn(_ fields: DocumentFields, _ read: EntryReader) -> Bool {
    (try? fields.optional("status", read.text)) == DistanceMatrix.status
  }

  init(_ fields: DocumentFields, _ read: EntryReader) throws(InputError) {
    try fields.requireKeys(among: WrittenComparison.keys + ["status", "boundConstants"])
    rewards = try WrittenComparison(rewardsOf: fields, read)
    boundConstants = try WrittenComparison.Pair.constants(fields, read)
    var pairs: [Pair] = []
    for pair in try fields.objects("pairs", read) { pairs.append(try Pair(pair, read)) }
    self.pairs = pairs
  }

  func verify(
    against model: FiniteMDP, progress: ProgressHandler
  ) throws(Interrupted) -> Verdict {
    try verdict { () throws(CheckFailure) in
      let matrix = try fitted(to: model)
      return try matrix.accepted(try ComparisonCheck(matrix.rewards, model, progress))
    }
  }

  private func fitted(to model: FiniteMDP) throws(CheckFailure) -> DistanceMatrix {
    let answer = try rewards.fitted(to: model)
    let places = Dictionary(
      answer.rewards.enumerated().map { ($0.element.name, $0.offset) },
      uniquingKeysWith: { first, _ in first })
    var fittedPairs: [DistanceMatrix.Pair] = []
    for (place, pair) in pairs.enumerated() {
      let field = "pairs[\(place)]"
      var ends: [Int] = []
      for name in pair.names {
        guard let end = places[name] else {
          throw .rejected("\(field): there is no reward \(excerpt(name)) in the answer")
        }
        ends.append(end)
      }
      fittedPairs.append(
        DistanceMatrix.Pair(
          first: ends[0], second: ends[1], distance: pair.distance,
          distanceCertificate: try pair.distanceCertificate.map { (written) throws(CheckFailure) in
            try rewards.fitted(
              written, answer.comparedStates, model, "\(field).certificate.distance")
          }, sameOrdering: pair.sameOrdering, reversedOrdering: pair.reversedOrdering,
          sameOptimalPolicies: pair.sameOptimalPolicies,
          equivalence: try pair.equivalence.map { (written) throws(CheckFailure) in
            try rewards.fitted(written, "\(field).orderingCertificate", model)
          }))
    }
    return DistanceMatrix(
      rewards: answer, boundConstants: boundConstants, pairs: fittedPairs)
  }
}

extension WrittenDistanceMatrix.Pair {
  init(_ fields: DocumentFields, _ read: EntryReader) throws(InputError) {
    try fields.requireKeys(
      among: [
        "rewards", "sameOrdering", "reversedOrdering", "sameOptimalPolicies",
        "orderingCertificate", "certificate",
      ], decimals: ["distance"])
    names = try WrittenComparison.Pair.names(fields, read)
    distance = try fields.required("distance", read.printedNumber)
    sameOrdering = try fields.required("sameOrdering", read.truth)
    reversedOrdering = try fields.required("reversedOrdering", read.truth)
    sameOptimalPolicies = try fields.required("sameOptimalPolicies", read.truth)
    let names = names
    equivalence = try fields.object("orderingCertificate").map { (inner) throws(InputError) in
      try WrittenComparison.Ordering(inner, names, read)
    }
    let certificate = try fields.object("certificate")
    try certificate?.requireKeys(among: ["distance"])
    distanceCertificate = try certificate?.object("distance").map { (inner) throws(InputError) in
      try WrittenComparison.DistanceCertificate(inner, read)
    }
  }
}
