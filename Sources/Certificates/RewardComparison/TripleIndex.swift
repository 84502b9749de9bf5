import MarkovDecisionProcesses

/// All triples (state, action, successor) of a model's names, possible or not, in order.
public struct TripleIndex: Sendable {
  public let stateCount: Int
  public let actionCount: Int

  public init(_ model: FiniteMDP) {
    stateCount = model.stateCount
    actionCount = model.actions.count
  }

  public var count: Int { stateCount * actionCount * stateCount }

  public subscript(place: Int) -> (state: State, action: Action, successor: State) {
    let pair = place / stateCount
    return (State(pair / actionCount), Action(pair % actionCount), State(place % stateCount))
  }
}

extension Canonicalization {
  /// Whether canonical rewards depend on the successor: one entry a triple, not one a choice.
  public var knowsTriples: Bool {
    switch self {
    case .valueAdjustedLevelling, .minimal: false
    case .epic, .dard, .none: true
    }
  }

  /// Whether equivalent rewards have the same canonical form and others have not.
  public var isSound: Bool { !knowsTriples }
}
