import ExactJSON

enum PrismExplicitReader {
  static func read(_ path: String, _ options: ReadOptions) throws(InputError) -> LoadedModel {
    throw InputError(ContentError(nil, "stub"), in: path)
  }
}
