import ExactArithmetic
import MarkovDecisionProcesses

/// Features `φ(s'|s,a) ∈ Qᵈ` of the transitions of a model: the basis of a linear mixture.
///
/// Stored by choices of the model; a successor that is not listed has the feature 0. A basis of
/// kernels `P_1, …, P_d` is the case `φ_i = P_i`.
public struct TransitionFeatures: Sendable {
  /// The feature of one successor.
  public struct Entry: Sendable {
    public let successor: State
    public let vector: [Rational]

    public init(successor: State, vector: [Rational]) {
      self.successor = successor
      self.vector = vector
    }
  }

  public let dimension: Int
  /// The entries of each choice; successors ascending.
  public let rows: [[Entry]]
  /// Whether the features are the probabilities of kernels.
  public let isKernelBasis: Bool

  /// General features.
  ///
  /// - Precondition: every vector has `dimension` entries, no successor is listed twice in a row.
  public init(dimension: Int, rows: [[Entry]]) {
    self.init(dimension: dimension, rows: rows, isKernelBasis: false)
  }

  private init(dimension: Int, rows: [[Entry]], isKernelBasis: Bool) {
    precondition(rows.joined().allSatisfy { $0.vector.count == dimension }, "one entry a dimension")
    self.dimension = dimension
    self.rows = rows.map { $0.sorted { $0.successor < $1.successor } }
    self.isKernelBasis = isKernelBasis
  }

  /// The kernels of `basis`, over the choices of `model`.
  ///
  /// - Throws: ``BoundError/unfit(place:problem:)`` where names or available actions differ.
  public init(basis: [FiniteMDP], over model: FiniteMDP) throws(BoundError) {
    for (place, kernel) in basis.enumerated() {
      try Self.requireSameShape(kernel, as: model, place: place)
    }
    let rows = (0..<model.choiceCount).map { choice in
      var vectors: [State: [Rational]] = [:]
      for (place, kernel) in basis.enumerated() {
        for (successor, probability) in kernel.transitions(of: Choice(choice)) {
          vectors[successor, default: Array(repeating: 0, count: basis.count)][place] = probability
        }
      }
      return vectors.map { Entry(successor: $0.key, vector: $0.value) }
    }
    self.init(dimension: basis.count, rows: rows, isKernelBasis: true)
  }

  private static func requireSameShape(
    _ kernel: FiniteMDP, as model: FiniteMDP, place: Int
  ) throws(BoundError) {
    let name = "basis \(place + 1)"
    for (what, own, other) in [
      ("states", kernel.states, model.states), ("actions", kernel.actions, model.actions),
    ] {
      guard own.count == other.count else {
        throw .unfit(
          place: name, problem: "\(own.count) \(what), but the target has \(other.count)")
      }
      for index in 0..<own.count where own[index] != other[index] {
        throw .unfit(
          place: name,
          problem: "the \(what) are named differently: '\(own[index])' and '\(other[index])'")
      }
    }
    guard kernel.choiceOffsets == model.choiceOffsets, kernel.choiceActions == model.choiceActions
    else {
      throw .unfit(
        place: name, problem: "other actions are available than in the target")
    }
  }

  /// The offset form `ψ_i = P_i - P_d` for `i < d`: the last kernel is the origin.
  public var offsetForm: TransitionFeatures {
    let rows = rows.map { row in
      row.map { entry in
        Entry(
          successor: entry.successor,
          vector: entry.vector.dropLast().map { $0 - (entry.vector.last ?? 0) })
      }
    }
    return TransitionFeatures(dimension: max(0, dimension - 1), rows: rows)
  }
}
