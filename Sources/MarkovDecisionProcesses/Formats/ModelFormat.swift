import ExactArithmetic
import ExactJSON

/// The formats of model files.
public enum ModelFormat: String, CaseIterable, Sendable {
  /// Our own JSON: read and written without loss.
  case rationale
  /// The transition tables of Gymnasium's toy-text environments, in JSON: read only.
  case gymnasium
  /// Storm's explicit text, with rational weights.
  case drn
  /// PRISM's explicit files `.tra`, `.sta`, `.lab`, `.srew`, `.trew`.
  case prismExplicit = "prism-explicit"
  /// Graphviz: written only.
  case dot

  public var isReadable: Bool { self != .dot }
  public var isWritable: Bool { self != .gymnasium }

  /// The format that the extension of `path` names, or `nil`.
  public init?(forPath path: String) {
    let name = path.split(separator: "/").last ?? ""
    guard let dot = name.lastIndex(of: ".") else { return nil }
    switch name[name.index(after: dot)...].lowercased() {
    case "json": self = .rationale
    case "drn": self = .drn
    case "tra", "sta", "lab", "srew", "trew": self = .prismExplicit
    case "dot", "gv": self = .dot
    default: return nil
    }
  }
}

/// How a model is read.
public struct ReadOptions: Sendable {
  /// The format, or `nil`: by extension, and ``ModelFormat/rationale`` where that says nothing.
  public var format: ModelFormat?
  /// Whether every number becomes the simplest fraction within a relative 10⁻¹² (`gymnasium`
  /// input always does).
  public var snaps = false
  /// Whether distributions that do not add up to 1 are divided by their sum instead of refused.
  public var normalizes = false
  public var limits = NumberLimits.standard

  public init(
    format: ModelFormat? = nil, snaps: Bool = false, normalizes: Bool = false,
    limits: NumberLimits = .standard
  ) {
    self.format = format
    self.snaps = snaps
    self.normalizes = normalizes
    self.limits = limits
  }
}

/// A model with what a reader has to say about it.
public struct LoadedModel: Sendable {
  public let model: FiniteMDP
  public let format: ModelFormat
  /// Lines for standard error: what was altered or left out.
  public let notes: [String]

  /// Another model in the place of this one, as made from the same file.
  public func replacing(_ model: FiniteMDP) -> LoadedModel {
    LoadedModel(model: model, format: format, notes: notes)
  }
}

/// Reading and writing model files.
public enum ModelFile {
  /// Reads the model at `path`; `-` is standard input.
  ///
  /// - Complexity: O(bytes); the text is in memory beside the model, and given back while a
  ///   large file is read.
  /// - Throws: an ``InputError`` with the file, the place and the rule that is broken, or with
  ///   the reason why the file cannot be opened.
  public static func read(
    _ path: String, options: ReadOptions = ReadOptions()
  ) throws(InputError) -> LoadedModel {
    let format = options.format ?? ModelFormat(forPath: path) ?? .rationale
    if format == .prismExplicit { return try PrismExplicitReader.read(path, options) }
    let buffer = try InputFile.load(path)
    return try read(buffer, name: InputFile.name(of: path), as: format, options)
  }

  /// Reads a model from `bytes`; `name` is what messages call the input.
  public static func read(
    bytes: [UInt8], name: String, options: ReadOptions = ReadOptions()
  ) throws(InputError) -> LoadedModel {
    let format = options.format ?? ModelFormat(forPath: name) ?? .rationale
    return try read(InputBuffer(bytes), name: name, as: format, options)
  }

  private static func read(
    _ buffer: InputBuffer, name: String, as format: ModelFormat, _ options: ReadOptions
  ) throws(InputError) -> LoadedModel {
    do {
      switch format {
      case .rationale: return try RationaleReader.read(buffer, options)
      case .gymnasium: return try GymnasiumReader.read(buffer, options)
      case .drn: return try DRNReader.read(buffer, options)
      case .prismExplicit:
        throw ContentError(
          nil, "the format prism-explicit is several files, which are read from a path")
      case .dot: throw ContentError(nil, "the format dot is written only")
      }
    } catch {
      throw InputError(error, in: name)
    }
  }
}

/// A rule broken at a place of an input; the file is added at the top of the reader.
struct ContentError: Error {
  let place: String?
  let problem: String

  init(_ place: String?, _ problem: String) {
    self.place = place
    self.problem = problem
  }

  init(_ place: String?, _ error: some Error & CustomStringConvertible) {
    self.init(place, error.description)
  }
}

extension InputError {
  /// What any error of a reader says once the file is known.
  init(_ error: any Error, in file: String) {
    switch error {
    case let error as InputError: self = error
    case let error as JSONError: self.init(error, file: file)
    case let error as ContentError:
      self.init(file: file, place: error.place, problem: error.problem)
    default: self.init(file: file, place: nil, problem: "\(error)")
    }
  }
}
