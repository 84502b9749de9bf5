/// Whether an objective is to be as large or as small as possible.
public enum Direction: String, Hashable, Sendable, CaseIterable {
  case maximize
  case minimize
}
