import ExactArithmetic

/// A family with its options settled: everything about a generated model but its rows, and the
/// rows one at a time.
///
/// The text writers and ``ModelFamily/model()`` read the same rows, so that a written file and
/// the model in memory cannot differ.
protocol FamilyDescription: Sendable {
  /// Settles the options.
  init(_ options: FamilyOptions) throws(FamilyError)

  /// The family and its resolved options, as a command line.
  var title: String { get }
  var states: FamilyNames { get }
  var actions: FamilyNames { get }
  /// The index of the initial state.
  var initial: Int { get }
  /// `nil`: one reward function without a name in the file.
  var rewardNames: [String]? { get }
  /// States ascending.
  var labels: [(name: String, states: [Int])] { get }
  /// The discount unless an option gives another.
  var discount: Rational? { get }

  /// Visits the choices in model order: state by state, action by action. Each call starts a
  /// fresh pass and draws anew from the seed, so that a model of any size needs constant memory
  /// (``NearTie`` keeps the laws of its base states).
  func forEachRow<Failure: Error>(
    _ body: (inout GeneratedRow) throws(Failure) -> Void
  ) throws(Failure)
}

extension FamilyDescription {
  var initial: Int { 0 }
  var rewardNames: [String]? { nil }
  var labels: [(name: String, states: [Int])] { [] }
}

/// Names that are a count in the file, or a list made on the fly.
enum FamilyNames: Sendable {
  case count(Int)
  case list(count: Int, name: @Sendable (Int) -> String)

  static func list(_ names: [String]) -> FamilyNames {
    .list(count: names.count) { names[$0] }
  }

  var count: Int {
    switch self {
    case .count(let count), .list(let count, _): count
    }
  }

  subscript(place: Int) -> String {
    switch self {
    case .count: String(place)
    case .list(_, let name): name(place)
    }
  }
}
