/// The kinds of certificates of objectives without discount.
public enum UndiscountedCertificateKind: String, Sendable, CaseIterable {
  case reachabilityExact = "reachability-exact"
  case reachabilityEnclosed = "reachability-enclosed"
  case reachabilityBounded = "reachability-bounded"
  case totalExact = "total-exact"
  case totalEnclosed = "total-enclosed"
  case averageExact = "average-exact"
  case averageEnclosed = "average-enclosed"

  /// What the field `objective` says where it is present.
  var objective: String {
    switch self {
    case .reachabilityExact, .reachabilityEnclosed, .reachabilityBounded: "reachability"
    case .totalExact, .totalEnclosed: "total"
    case .averageExact, .averageEnclosed: "average"
    }
  }

  /// The fields beside those of every kind.
  var ownKeys: [String] {
    switch self {
    case .reachabilityExact: ["values", "policy", "distance"]
    case .reachabilityEnclosed: ["lower", "upper", "policy", "distance"]
    case .reachabilityBounded: ["steps", "values", "policy"]
    case .totalExact: ["values", "policy", "distance", "level", "ray"]
    case .totalEnclosed: ["lower", "upper", "policy", "distance", "level", "ray"]
    case .averageExact: ["gain", "bias", "biasWitness", "policy"]
    case .averageEnclosed: ["lower", "upper", "policy"]
    }
  }

  /// The fields of every kind. A discount may stand there, and is of no use.
  static let commonKeys = [
    "format", "version", "kind", "objective", "direction", "reward", "discount", "goal",
  ]
}
