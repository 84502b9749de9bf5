import ExactJSON

enum GymnasiumReader {
  static func read(_ buffer: InputBuffer, _ options: ReadOptions) throws -> LoadedModel {
    throw ContentError(nil, "stub")
  }
}
