/// A state of a model: its place in the order of the model's states.
public struct State: Hashable, Comparable, Sendable {
  public let index: Int32

  public init(_ index: Int) {
    self.index = Int32(index)
  }

  public static func < (a: State, b: State) -> Bool { a.index < b.index }
}

/// An action of a model: its place in the order of the model's actions.
public struct Action: Hashable, Comparable, Sendable {
  public let index: Int32

  public init(_ index: Int) {
    self.index = Int32(index)
  }

  public static func < (a: Action, b: Action) -> Bool { a.index < b.index }
}

/// An action at a state where it is available: a row of the model.
///
/// Choices are numbered state by state, at each state in the order of the actions.
public struct Choice: Hashable, Comparable, Sendable {
  public let index: Int32

  public init(_ index: Int) {
    self.index = Int32(index)
  }

  public static func < (a: Choice, b: Choice) -> Bool { a.index < b.index }
}
