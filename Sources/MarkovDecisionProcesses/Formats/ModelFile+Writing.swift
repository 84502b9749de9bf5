import ExactArithmetic
import ExactJSON

/// What a format cannot say about a model.
public enum WriteError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The format is read only.
  case readOnly(ModelFormat)
  /// There is no reward of this name.
  case unknownReward(String, names: [String])
  /// A name that the format has no way to write.
  case unwritableName(ModelFormat, String)

  public var description: String {
    switch self {
    case .readOnly(let format): "the format \(format.rawValue) is read only"
    case .unknownReward(let name, let names):
      "there is no reward '\(name)'; there is: " + names.joined(separator: ", ")
    case .unwritableName(let format, let name):
      "\(format.rawValue) cannot hold the name '\(name)' (empty, twice, a quotation mark or line end)"
    }
  }
}

/// How a model is written.
public struct WriteOptions: Sendable {
  /// What made the model, as in `garnet --states 100`: kept as `x-generator` or in a comment.
  public var generator: String?
  /// The reward function to write where a format holds one.
  public var reward: String?
  /// Whether a model with one choice a state is written as a Markov chain (`drn`).
  public var isChain: Bool

  public init(generator: String? = nil, reward: String? = nil, isChain: Bool = false) {
    self.generator = generator
    self.reward = reward
    self.isChain = isChain
  }
}

extension ModelFile {
  /// The extensions of the files that `format` always consists of: `tra`, `lab`, `trew` for
  /// PRISM's explicit files, one otherwise.
  public static func parts(of format: ModelFormat) -> [String] {
    switch format {
    case .rationale, .gymnasium: ["json"]
    case .drn: ["drn"]
    case .prismExplicit: ["tra", "lab", "trew"]
    case .dot: ["dot"]
    }
  }

  /// The files that `model` is written to: for PRISM's also `sta` where states have names, and
  /// `1.trew`, `2.trew` for several rewards.
  ///
  /// - Throws: ``WriteError/unknownReward(_:names:)``.
  public static func parts(
    of format: ModelFormat, for model: FiniteMDP, options: WriteOptions = WriteOptions()
  ) throws(WriteError) -> [String] {
    guard format == .prismExplicit else { return parts(of: format) }
    return try PrismExplicitWriter.parts(model, options)
  }

  /// The path of a part: `PREFIX.tra`, and `PREFIX1.trew` for a part with a number.
  public static func path(ofPart part: String, prefix: String) -> String {
    part.first.map(\.isNumber) == true ? prefix + part : "\(prefix).\(part)"
  }

  /// The files that exist and would be read with the model though they are not among its `parts`:
  /// what an earlier model of the same name has left.
  public static func leftovers(
    of format: ModelFormat, prefix: String, parts: [String]
  ) -> [String] {
    guard format == .prismExplicit else { return [] }
    let written = Set(parts)
    var candidates = ["sta", "lab", "srew", "trew"]
    var number = 1
    // A reader goes on from one number to the next, until there is no reward or another model.
    while !InputFile.exists("\(prefix)\(number).tra") {
      let rewards = ["\(number).srew", "\(number).trew"]
      guard
        rewards.contains(where: {
          written.contains($0) || InputFile.exists(path(ofPart: $0, prefix: prefix))
        })
      else { break }
      candidates += rewards
      number += 1
    }
    return candidates.filter { !written.contains($0) }.map { path(ofPart: $0, prefix: prefix) }
      .filter { InputFile.exists($0) }
  }

  /// A file of another model that keeps a reader from taking one of these parts for the model's.
  public static func obstacle(
    of format: ModelFormat, prefix: String, parts: [String]
  ) -> String? {
    guard format == .prismExplicit else { return nil }
    return parts.lazy.map { "\(prefix)\($0.prefix(while: \.isNumber)).tra" }
      .first { $0 != "\(prefix).tra" && InputFile.exists($0) }
  }

  /// Writes `model` to `sink`, in chunks; several files as one stream, each after a line
  /// `==> model.EXTENSION <==`.
  ///
  /// - Returns: what the format cannot hold and was changed or left out, for standard error.
  /// - Throws: a ``WriteError``, before anything is written, or what `sink` throws.
  /// - Complexity: O(states + transitions + rewards).
  @discardableResult
  public static func write(
    _ model: FiniteMDP, as format: ModelFormat, options: WriteOptions = WriteOptions(),
    to sink: @escaping ([UInt8]) throws -> Void
  ) throws -> [String] {
    let parts = try parts(of: format, for: model, options: options)
    var notes: [String] = []
    for part in parts {
      notes += try write(
        part: part, of: model, as: format, options: options, isSection: parts.count > 1, to: sink)
    }
    return notes
  }

  /// Writes one of the files that `format` consists of; see ``parts(of:for:options:)``.
  @discardableResult
  public static func write(
    part: String, of model: FiniteMDP, as format: ModelFormat,
    options: WriteOptions = WriteOptions(), to sink: @escaping ([UInt8]) throws -> Void
  ) throws -> [String] {
    try write(part: part, of: model, as: format, options: options, isSection: false, to: sink)
  }

  private static func write(
    part: String, of model: FiniteMDP, as format: ModelFormat, options: WriteOptions,
    isSection: Bool, to sink: @escaping ([UInt8]) throws -> Void
  ) throws -> [String] {
    let output = TextOutput(sink)
    var notes: [String] = []
    if isSection { output.write("==> \(path(ofPart: part, prefix: "model")) <==\n") }
    switch format {
    case .rationale: RationaleWriter(model, output).write(options)
    case .drn: notes = try DRNWriter(model, output).write(options)
    case .prismExplicit:
      notes = try PrismExplicitWriter(model, output, options).write(part)
    case .dot: try DotWriter(model, output).write(options)
    case .gymnasium: throw WriteError.readOnly(.gymnasium)
    }
    try output.finish()
    return notes
  }
}

extension FiniteMDP {
  /// The state where every run starts, or `nil` when there is none or a law over several.
  var initialState: State? {
    guard let initial else { return nil }
    let possible = initial.filter { !$0.probability.isZero }
    return possible.count == 1 ? possible[0].state : nil
  }

  /// For each state its labels; `init` comes first at every state where a run may start.
  ///
  /// - Returns: names by state, for the states that have any, and whether that loses the law.
  func stateLabels() -> (labels: [Int32: [String]], losesLaw: Bool) {
    var result: [Int32: [String]] = [:]
    let possible = initial?.filter { !$0.probability.isZero } ?? []
    for (state, _) in possible { result[state.index] = ["init"] }
    // `init` is how these formats write the initial law, so a label of that name is not repeated.
    for (name, states) in labels where name != "init" {
      for state in states { result[state.index, default: []].append(name) }
    }
    return (result, possible.count > 1)
  }

  /// Calls `body` with the transitions of a choice in ascending order of their successors, as
  /// Storm and PRISM expect them; a model keeps the order of its input.
  func visitAscending(_ choice: Int, _ body: (Int) -> Void) {
    let range = transitionRange(of: choice)
    let isAscending = range.dropFirst().allSatisfy { successors[$0 - 1] < successors[$0] }
    if isAscending {
      for transition in range { body(transition) }
    } else {
      for transition in range.sorted(by: { successors[$0] < successors[$1] }) { body(transition) }
    }
  }
}
