import ExactJSON

/// The comments `# ...` of PRISM's files, some of which say what is in the file.
enum PrismComment {
  /// What PRISM calls the contents of a file in its first comment.
  enum Kind: String, CaseIterable {
    case transitions = "# Transitions"
    case states = "# States"
    case labels = "# Labels"
    case stateRewards = "# State rewards"
    case transitionRewards = "# Transition rewards"
  }

  /// The types of `# Transitions (TYPE)` that are finite Markov decision processes.
  private static let types = ["MDP", "DTMC"]

  /// Whether the current line is a comment, after a look at what it says.
  ///
  /// - Throws: when it says that the file, or a part of it that begins there, is of another kind.
  static func skip(_ lines: TextLines, _ kind: Kind) throws -> Bool {
    var words = lines.words
    words.skipSpace()
    guard let first = words.rest.first, lines.buffer.base[first] == UInt8(ascii: "#") else {
      return false
    }
    let text = try lines.text(words.rest)
    for other in Kind.allCases where other != kind && text.hasPrefix(other.rawValue) {
      throw lines.unexpected("a comment '\(kind.rawValue)'")
    }
    if text.hasPrefix("\(Kind.transitions.rawValue) ("), text.hasSuffix(")") {
      let type = text.dropFirst(Kind.transitions.rawValue.count + 2).dropLast()
      guard types.contains(String(type)) else {
        throw lines.unexpected("a model of type MDP or DTMC")
      }
    }
    return true
  }

  /// The name in `# Reward structure "NAME"` before the first row, or `nil`.
  static func rewardName(_ start: TextLines) throws -> String? {
    var lines = start
    let prefix = "# Reward structure \""
    while lines.advance() {
      let text = try lines.text()
      if text.hasPrefix(prefix) {
        let rest = text.dropFirst(prefix.count)
        guard let end = rest.lastIndex(of: "\""), end > rest.startIndex,
          rest[end...].dropFirst().allSatisfy(\.isWhitespace)
        else { throw lines.unexpected("# Reward structure \"NAME\"") }
        return String(rest[..<end])
      }
      guard text.hasPrefix("#") || text.allSatisfy(\.isWhitespace) else { return nil }
    }
    return nil
  }
}

/// The reward files of a model: one structure in `PREFIX.srew` and `PREFIX.trew`, or several in
/// `PREFIX1.srew`, `PREFIX1.trew`, `PREFIX2.srew` and so on, as PRISM writes them.
struct PrismRewardFiles {
  typealias File = (path: String, isOfStates: Bool, buffer: InputBuffer)

  private(set) var structures: [(name: String, files: [File])] = []

  /// - Parameter named: the extension of the file that the user named, which has to exist.
  /// - Throws: when a file cannot be read, and when it is not clear which files belong to the
  ///   model.
  init(_ prefix: String, named: String?) throws(InputError) {
    var found: [[File]] = []
    let single = try Self.load(prefix, named: named)
    if !single.isEmpty { found.append(single) }
    // Files of another model whose name ends with a number are left alone.
    var number = 1
    while !InputFile.exists("\(prefix)\(number).tra") {
      let files = try Self.load("\(prefix)\(number)", named: nil)
      if files.isEmpty { break }
      guard single.isEmpty else {
        throw InputError(
          file: files[0].path, place: nil,
          problem: "beside \(single[0].path) it is not clear which rewards belong to the model;"
            + " keep one of the two")
      }
      found.append(files)
      number += 1
    }
    let names = try found.map { files throws(InputError) in try Self.name(files) }
    for (index, files) in found.enumerated() {
      let isTaken = names.contains("default") || structures.contains { $0.name == "default" }
      structures.append((names[index] ?? (isTaken ? "reward\(index + 1)" : "default"), files))
    }
  }

  private static func load(_ prefix: String, named: String?) throws(InputError) -> [File] {
    var files: [File] = []
    for part in ["srew", "trew"] {
      let path = "\(prefix).\(part)"
      guard let buffer = try PrismExplicitReader.load(path, isRequired: part == named) else {
        continue
      }
      files.append((path, part == "srew", buffer))
    }
    return files
  }

  /// The name that the files of a structure agree on, if they have one.
  private static func name(_ files: [File]) throws(InputError) -> String? {
    var name: String?
    for file in files {
      do {
        let own = try PrismComment.rewardName(TextLines(file.buffer))
        guard name == nil || own == nil || own == name else {
          throw ContentError(
            "line 1",
            "the reward is named \(excerpt(own ?? "")) here, but \(excerpt(name ?? "")) in"
              + " \(files[0].path)")
        }
        name = name ?? own
      } catch {
        throw InputError(error, in: file.path)
      }
    }
    return name
  }
}
