import Certificates
import ExactArithmetic
import ExactJSON
import Foundation
import MarkovDecisionProcesses

/// What `check` would print for a file.
enum Outcome: Equatable {
  case accepted(String, warnings: [String])
  case rejected(String)
  case malformed(String)

  var isAccepted: Bool {
    if case .accepted = self { true } else { false }
  }

  var isRejected: Bool {
    if case .rejected = self { true } else { false }
  }

  var isMalformed: Bool {
    if case .malformed = self { true } else { false }
  }

  var text: String {
    switch self {
    case .accepted(let text, _), .rejected(let text), .malformed(let text): text
    }
  }
}

typealias Object = [String: Any]

func check(bytes: [UInt8], _ model: FiniteMDP) -> Outcome {
  do throws(InputError) {
    let document = try CertificateDocument.read(bytes: bytes, path: "c.json")
    switch document.verify(against: model) {
    case .accepted(let statement, let warnings): return .accepted(statement, warnings: warnings)
    case .rejected(let reason): return .rejected(reason)
    }
  } catch {
    return .malformed("\(error)")
  }
}

func check(_ text: String, _ model: FiniteMDP) -> Outcome {
  check(bytes: Array(text.utf8), model)
}

func check(_ object: Object, _ model: FiniteMDP) throws -> Outcome {
  check(bytes: [UInt8](try JSONSerialization.data(withJSONObject: object)), model)
}

extension Certificate {
  /// The text that is written to a file.
  func text(_ model: FiniteMDP, omitting omitted: Set<String> = []) throws -> String {
    var bytes: [UInt8] = []
    let writer = JSONWriter { bytes += $0 }
    write(to: writer, names: model, omitting: omitted)
    try writer.finish()
    return String(decoding: bytes, as: UTF8.self)
  }

  /// The text read by Foundation, to be spoiled.
  func object(_ model: FiniteMDP, omitting omitted: Set<String> = []) throws -> Object {
    let text = try text(model, omitting: omitted)
    return try JSONSerialization.jsonObject(with: Data(text.utf8)) as? Object ?? [:]
  }
}

extension Object {
  /// The same object with one member replaced, or removed for `nil`.
  func with(_ key: String, _ value: Any?) -> Object {
    var copy = self
    copy[key] = value
    return copy
  }

  /// The same object with a member of an inner object replaced, or removed for `nil`.
  func with(_ key: String, _ inner: String, _ value: Any?) -> Object {
    with(key, (self[key] as? Object ?? [:]).with(inner, value))
  }
}

extension Rational {
  /// The number as the members of a JSON object hold it.
  init(json: Any?) throws {
    struct NoNumber: Error {}
    guard let text = json as? String, let value = Rational(text) else { throw NoNumber() }
    self = value
  }
}

/// True certificates of random models.
enum TrueCertificate {
  static func exact(
    _ model: FiniteMDP, _ answer: TinySolver.Answer, _ direction: Direction, _ discount: Rational
  ) -> Certificate {
    .discountedExact(
      DiscountedExactCertificate(
        objective: DiscountedObjective(direction: direction, reward: "r", discount: discount),
        values: RationalVector(answer.values), policy: answer.policy))
  }

  /// Bounds at the distance `width` from the values; undecided is what the gaps leave open.
  static func enclosed(
    _ model: FiniteMDP, _ answer: TinySolver.Answer, _ direction: Direction, _ discount: Rational,
    width: Rational
  ) -> Certificate {
    let lower = RationalVector(answer.values.map { $0 - width })
    let upper = RationalVector(answer.values.map { $0 + width })
    let reward = model.rewards[0].function.expected(in: model)
    let undecided = (0..<model.stateCount).filter { s in
      model.choiceRange(at: s).contains { c in
        if model.action(of: Choice(c)) == answer.policy[s] { return false }
        let outer = lookahead(
          model, reward, discount, c, direction == .maximize ? upper : lower)
        let inner = answer.values[s] - (direction == .maximize ? 1 : -1) * discount * width
        let isWorse = direction == .maximize ? outer < inner : outer > inner
        return !isWorse && !hasRowOfPolicy(model, reward, c, answer.policy[s])
      }
    }.map { State($0) }
    return .discountedEnclosed(
      DiscountedEnclosedCertificate(
        objective: DiscountedObjective(direction: direction, reward: "r", discount: discount),
        lower: lower, upper: upper, policy: answer.policy, policyIsOptimal: undecided.isEmpty,
        undecided: undecided, partition: nil))
  }

  private static func hasRowOfPolicy(
    _ model: FiniteMDP, _ reward: PooledVector, _ c: Int, _ action: Action
  ) -> Bool {
    guard let d = model.choice(of: action, at: model.state(of: Choice(c))) else { return false }
    let row = { (choice: Choice) in
      Dictionary(
        uniqueKeysWithValues: model.transitions(of: choice).map { ($0.successor, $0.probability) })
    }
    return reward[c] == reward[Int(d.index)] && row(Choice(c)) == row(d)
  }

  static func horizon(
    _ model: FiniteMDP, _ direction: Direction, _ discount: Rational, _ horizon: Int
  ) -> Certificate {
    let reward = model.rewards[0].function.expected(in: model)
    let answer = TinySolver.solve(
      model, reward, horizon: horizon, discount: discount, direction)
    return .finiteHorizon(
      FiniteHorizonCertificate(
        objective: DiscountedObjective(direction: direction, reward: "r", discount: discount),
        horizon: horizon, terminal: nil, values: answer.values.map { RationalVector($0) },
        policy: answer.optimalActions.map { $0.map { $0[0] } }))
  }
}
