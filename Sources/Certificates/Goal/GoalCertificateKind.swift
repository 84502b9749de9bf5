/// The kinds of certificates about a goal.
public enum GoalCertificateKind: String, Sendable, CaseIterable {
  case reachabilityExact = "reachability-exact"
  case reachabilityEnclosed = "reachability-enclosed"
  case reachabilityBounded = "reachability-bounded"
  case totalExact = "total-exact"
  case totalEnclosed = "total-enclosed"

  /// What the field `objective` says where it is present.
  var objective: String {
    switch self {
    case .reachabilityExact, .reachabilityEnclosed, .reachabilityBounded: "reachability"
    case .totalExact, .totalEnclosed: "total"
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
    }
  }
}
