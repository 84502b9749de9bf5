/// The answer to a question about numbers of which only enclosures are known.
///
/// `unknown` is an honest answer: the enclosures are too wide, or the numbers are equal. The
/// operators are Kleene's: a conjunction with something false is false whatever the rest is.
public enum Ternary: Sendable, Hashable {
  case `true`, `false`, unknown

  /// `true` or `false`, as `value` says.
  public init(_ value: Bool) {
    self = value ? .true : .false
  }

  /// The answer as a `Bool`, or `nil` when it is unknown.
  public var known: Bool? {
    switch self {
    case .true: true
    case .false: false
    case .unknown: nil
    }
  }

  public static prefix func ! (answer: Ternary) -> Ternary {
    switch answer {
    case .true: .false
    case .false: .true
    case .unknown: .unknown
    }
  }

  public static func && (a: Ternary, b: Ternary) -> Ternary {
    if a == .false || b == .false { return .false }
    return a == .true && b == .true ? .true : .unknown
  }

  public static func || (a: Ternary, b: Ternary) -> Ternary { !(!a && !b) }
}
