import ExactArithmetic
import ExactJSON
import RegretBounds

/// The answer to a question about a bound as a function of one parameter.
public struct BoundSearchReport: Report {
  /// What was asked.
  public enum Question: Sendable {
    /// The least number at which the bound, divided by a parameter where one is given, is at most
    /// the target.
    case least(target: Rational, divisor: String?)
    /// The first number at which two bounds change their order.
    case crossover(with: String, isSmallerAfter: Bool)
  }

  private let bound: Bound
  private let parameter: String
  private let answer: Integer
  private let question: Question

  public init(_ bound: Bound, parameter: String, answer: Integer, question: Question) {
    self.bound = bound
    self.parameter = parameter
    self.answer = answer
    self.question = question
  }

  /// Writes one JSON object.
  ///
  /// - Throws: what `sink` throws.
  public func writeJSON(to sink: @escaping ByteSink) throws {
    let json = JSONWriter(indented: true, sink: sink)
    json.beginObject()
    writeHead(of: bound, to: json)
    json.member("parameter", parameter)
    switch question {
    case .least(let target, let divisor):
      json.member("target", target.description)
      if let divisor { json.member("per", divisor) }
      json.member("least", answer.description)
    case .crossover(let other, let isSmaller):
      json.member("other", other)
      json.member("crossover", answer.description)
      json.member("smallerFromThere", isSmaller ? bound.name : other)
    }
    json.endObject()
    try json.finish()
  }

  /// Writes one sentence.
  ///
  /// - Throws: what `sink` throws.
  public func writeText(to sink: @escaping ByteSink) throws {
    var text = TextWriter(sink: sink)
    switch question {
    case .least(let target, let divisor):
      let what = divisor.map { "\(bound.name)/\($0)" } ?? bound.name
      try text.line("\(parameter) = \(answer) is the least with \(what) <= \(target)")
    case .crossover(let other, let isSmaller):
      let (smaller, larger) = isSmaller ? (bound.name, other) : (other, bound.name)
      try text.line("from \(parameter) = \(answer) on, \(smaller) is below \(larger)")
    }
    try text.flush()
  }
}
