import ArgumentParser
import Certificates

/// Where the parts of the answer go, all different.
struct CompareOutputs {
  let answer: OutputDestination
  let plot: OutputDestination?
  let certificate: OutputDestination?

  init(_ command: CompareCommand, _ control: RunControl) throws(CommandError) {
    answer = try OutputDestination(command.report.output, control: control)
    plot = try command.plot.map { (path) throws(CommandError) in
      try OutputDestination(path, control: control)
    }
    certificate = try command.certificate.map { (path) throws(CommandError) in
      try OutputDestination(path, control: control)
    }
    for case let other? in [plot, certificate] where other.isSame(as: answer) {
      throw .usage("two outputs both go to \(answer.name)")
    }
    if let plot, let certificate, plot.isSame(as: certificate) {
      throw .usage("--plot and --certificate both go to \(certificate.name)")
    }
  }
}

extension Canonicalization {
  static func parse(_ text: String) throws -> Canonicalization {
    try choice(text, of: "canonicalization", planned: [])
  }
}

extension RewardNorm {
  static func parseNormalization(_ text: String) throws -> RewardNorm {
    try choice(text, of: "normalization", planned: [])
  }

  static func parseMetric(_ text: String) throws -> RewardNorm {
    let norm: RewardNorm = try choice(text, of: "metric", planned: [])
    guard norm != .none else {
      throw ValidationError("a metric has to be a norm; available: span, l1, l2, linf")
    }
    return norm
  }
}
