/// A result that can be shown to people and to programs.
///
/// Both forms go to a sink in pieces, so that no answer has to fit the memory as text.
public protocol Report {
  /// Writes the result for people.
  ///
  /// - Throws: what `sink` throws.
  func writeText(to sink: @escaping ByteSink) throws

  /// Writes the result as one JSON value.
  ///
  /// - Throws: what `sink` throws.
  func writeJSON(to sink: @escaping ByteSink) throws
}
