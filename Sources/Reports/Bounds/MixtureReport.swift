import ExactArithmetic
import ExactJSON
import MarkovDecisionProcesses
import RegretBounds

/// Whether a model is a linear mixture, and the numbers of it that bounds are made of.
public struct MixtureReport: Report {
  private let model: FiniteMDP
  private let features: TransitionFeatures
  private let recognition: MixtureRecognition
  private let norm: FeatureNorm
  /// `nil` where the features are no kernels.
  private let offsetNorm: FeatureNorm?
  /// `nil` for models that are too large for it.
  private let linearDimension: Int?

  /// The most multiplications of an elimination that is done by the way.
  private static let largestElimination = 2_000_000

  /// Computes what is reported.
  ///
  /// - Throws: ``Interrupted``, and what the recognition throws.
  public init(
    of model: FiniteMDP, in features: TransitionFeatures, progress: ProgressHandler = .none
  ) throws {
    self.model = model
    self.features = features
    recognition = try MixtureRecognition(of: model, in: features, progress: progress)
    norm = try FeatureNorm(of: features, progress: progress)
    offsetNorm =
      features.isKernelBasis
      ? try FeatureNorm(of: features.offsetForm, progress: progress) : nil
    let size = min(model.choiceCount, model.stateCount)
    let work = model.choiceCount.multipliedReportingOverflow(by: model.stateCount * size)
    linearDimension =
      work.overflow || work.partialValue > Self.largestElimination
      ? nil : LinearModel.minimalDimension(model)
  }

  /// Writes one JSON object.
  ///
  /// - Throws: what `sink` throws.
  public func writeJSON(to sink: @escaping ByteSink) throws {
    let json = JSONWriter(indented: true, sink: sink)
    json.beginObject()
    json.member("name", "linear-mixture")
    for (key, number) in [("dimension", features.dimension), ("rank", recognition.rank)] {
      json.key(key)
      json.integer(number)
    }
    for (key, answer) in [
      ("linear", recognition.isLinear), ("convex", recognition.isConvex),
      ("unique", recognition.isUnique),
    ] {
      json.key(key)
      json.bool(answer)
    }
    write("theta", recognition.theta, to: json)
    write("minimumNormTheta", recognition.minimumNormTheta, to: json)
    if let squared = recognition.minimumNormSquared {
      json.member("minimumNormSquared", squared.description)
    }
    if let residual = recognition.residualSquared {
      json.member("residualSquared", residual.description)
    }
    write("featureNorm", norm, to: json)
    if let offsetNorm { write("offsetFeatureNorm", offsetNorm, to: json) }
    if let linearDimension {
      json.key("linearModelDimension")
      json.integer(linearDimension)
    }
    writeCertificate(to: json)
    json.member("statement", statement)
    json.endObject()
    try json.finish()
  }

  private func write(_ key: String, _ vector: [Rational]?, to json: JSONWriter) {
    guard let vector else { return }
    json.key(key)
    write(vector, to: json)
  }

  private func write(_ vector: [Rational], to json: JSONWriter) {
    json.beginArray()
    for entry in vector { json.string(entry.description) }
    json.endArray()
  }

  private func write(_ key: String, _ norm: FeatureNorm, to json: JSONWriter) {
    json.member("\(key)Squared", norm.squared.description)
    if !norm.isExact { json.member("\(key)Kind", "upper bound") }
  }

  private func writeCertificate(to json: JSONWriter) {
    json.key("certificate")
    json.beginObject()
    switch recognition.certificate {
    case .theta(let theta):
      json.member("kind", "theta")
      json.key("vector")
      write(theta, to: json)
    case .fredholm(let weights): write("fredholm", weights, to: json)
    case .farkas(let weights): write("farkas", weights, to: json)
    }
    json.endObject()
  }

  /// The entries that are not zero, as `[s, a, s', y]`.
  private func write(
    _ kind: String, _ weights: [(place: TransitionPlace, weight: Rational)], to json: JSONWriter
  ) {
    json.member("kind", kind)
    json.key("vector")
    json.beginArray()
    for (place, weight) in weights {
      json.beginArray()
      for name in names(of: place) + [weight.description] { json.string(name) }
      json.endArray()
    }
    json.endArray()
  }

  private func names(of place: TransitionPlace) -> [String] {
    [
      model.states[Int(model.state(of: place.choice).index)],
      model.actions[Int(model.action(of: place.choice).index)],
      model.states[Int(place.successor.index)],
    ]
  }

  private var statement: String {
    if !recognition.isLinear {
      return "the kernel is no linear mixture of the features: the certificate sends all of them"
        + " to 0 and the kernel to 1"
    }
    if recognition.isConvex { return "the kernel is a mixture of the features with weights >= 0" }
    return "the kernel is a linear mixture of the features, but none with weights >= 0; the weights"
      + " are valid on this model all the same"
  }

  /// Writes a summary.
  ///
  /// - Throws: what `sink` throws.
  public func writeText(to sink: @escaping ByteSink) throws {
    var text = TextWriter(sink: sink)
    var summary = Summary()
    summary.add("Answer", statement)
    summary.add("Dimension", "\(features.dimension), of rank \(recognition.rank)")
    if let theta = recognition.theta {
      summary.add("Weights", Self.list(theta) + (recognition.isUnique ? ", unique" : ""))
    }
    if let theta = recognition.minimumNormTheta, let squared = recognition.minimumNormSquared {
      summary.add("Least norm", "\(Self.list(theta)), B2 = \(squared)")
    }
    if let residual = recognition.residualSquared {
      summary.add("Distance", "squared, to the span: \(residual)")
    }
    summary.add("Feature norm", Self.text(norm))
    if let offsetNorm { summary.add("Offset form", Self.text(offsetNorm)) }
    if let linearDimension {
      summary.add(
        "As linear model", "signed features of pairs of dimension \(linearDimension) suffice")
    }
    try summary.write(to: &text)
    switch recognition.certificate {
    case .theta: break
    case .fredholm(let weights), .farkas(let weights):
      try text.line()
      var table = TextTable([
        ("state", .left), ("action", .left), ("successor", .left), ("certificate", .left),
      ])
      for (place, weight) in weights { table.add(names(of: place) + [weight.description]) }
      try table.write(to: &text)
    }
    try text.flush()
  }

  private static func list(_ vector: [Rational]) -> String {
    "(" + vector.map(\.description).joined(separator: ", ") + ")"
  }

  private static func text(_ norm: FeatureNorm) -> String {
    "L2 = \(norm.squared)" + (norm.isExact ? "" : ", an upper bound")
  }
}
