import ExactJSON

/// The members of one object of one file, with the place that messages name.
struct DocumentFields: Sendable {
  let file: String
  /// The path of the object in its file; empty for the whole document.
  let path: String
  private let members: [JSONMember]
  private let places: [String: Int]

  init(_ node: JSONNode, file: String, path: String = "") throws(InputError) {
    self.file = file
    self.path = path
    guard case .object(let members) = node.kind else {
      throw InputError(
        file: file, place: path.isEmpty ? nil : path,
        problem: "\(node.expected("an object").problem)")
    }
    self.members = members
    places = Dictionary(
      members.enumerated().map { ($1.key, $0) }, uniquingKeysWith: { first, _ in first })
  }

  subscript(key: String) -> JSONNode? { places[key].map { members[$0].value } }

  /// An error of the member `key` of this object, or of the object itself.
  func error(_ problem: String, at key: String? = nil) -> InputError {
    let place = [path, key ?? ""].filter { !$0.isEmpty }.joined(separator: ".")
    return InputError(file: file, place: place.isEmpty ? nil : place, problem: problem)
  }

  /// The value of `key` as `body` reads it, or `nil` when there is no such member.
  func optional<Value>(
    _ key: String, _ body: (JSONNode) throws(Malformed) -> Value
  ) throws(InputError) -> Value? {
    guard let node = self[key] else { return nil }
    do throws(Malformed) {
      return try body(node)
    } catch {
      let place = error.inside(key)
      throw InputError(
        file: file, place: path.isEmpty ? place.place : path + "." + place.place,
        problem: place.problem)
    }
  }

  func required<Value>(
    _ key: String, _ body: (JSONNode) throws(Malformed) -> Value
  ) throws(InputError) -> Value {
    guard let value = try optional(key, body) else { throw missing(key) }
    return value
  }

  func missing(_ key: String) -> InputError {
    error("the key '\(key)' is missing")
  }

  /// Refuses every key but `known` and those that start with `x-`.
  func requireKeys(among known: [String]) throws(InputError) {
    let known = Set(known)
    for member in members where !known.contains(member.key) && !member.key.hasPrefix("x-") {
      let nearest = nearestName(to: member.key, among: known.sorted())
      throw error(
        "unknown key \(excerpt(member.key))"
          + (nearest.map { " (the nearest known one is '\($0)')" } ?? ""), at: member.key)
    }
  }

  /// Refuses every version but 1.
  func requireVersion() throws(InputError) {
    let version = try required("version") { (node: JSONNode) throws(Malformed) in
      guard case .number(let text) = node.kind else { throw node.expected("the version 1") }
      return text
    }
    guard version == "1" else {
      throw error("the version is \(excerpt(version)), but only 1 is known", at: "version")
    }
  }
}

/// The fields of a certificate, some of which may be left to the solution that carries it.
struct CertificateFields: Sendable {
  let own: DocumentFields
  /// The solution around the certificate or naming its file.
  let solution: DocumentFields?
  let isEmbedded: Bool

  func optional<Value>(
    _ key: String, _ body: (JSONNode) throws(Malformed) -> Value
  ) throws(InputError) -> Value? {
    if let value = try own.optional(key, body) { return value }
    return try solution?.optional(key, body)
  }

  func required<Value>(
    _ key: String, _ body: (JSONNode) throws(Malformed) -> Value
  ) throws(InputError) -> Value {
    guard let value = try optional(key, body) else { throw own.missing(key) }
    return value
  }
}
