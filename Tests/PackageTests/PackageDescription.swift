import Foundation

/// What the package description says of one target, read from its text: a test cannot run the
/// package manager, which holds a lock while it runs the test.
struct TargetDescription {
  enum Kind: String {
    case library = "target"
    case executable = "executableTarget"
    case test = "testTarget"
  }

  let kind: Kind
  let name: String
  /// Names of targets and of products.
  let dependencies: [String]
  /// The folder of its sources, from the root of the package.
  let path: String

  static let root = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  /// The targets of `Package.swift`, in its order.
  static func all() throws -> [TargetDescription] {
    let file = try String(contentsOf: root.appending(path: "Package.swift"), encoding: .utf8)
    let text = file.split(separator: "\n").filter {
      !$0.drop(while: \.isWhitespace).hasPrefix("//")
    }
    .joined(separator: "\n")
    let starts = text.matches(of: /\.(target|executableTarget|testTarget)\(/)
    return starts.compactMap { start in
      guard let kind = Kind(rawValue: String(start.output.1)) else { return nil }
      return TargetDescription(kind: kind, arguments: balanced(text[start.range.upperBound...]))
    }
  }

  private init?(kind: Kind, arguments: Substring) {
    guard let name = arguments.firstMatch(of: /name:\s*"(\w+)"/)?.output.1 else { return nil }
    self.kind = kind
    self.name = String(name)
    let folder = kind == .test ? "Tests" : "Sources"
    path =
      arguments.firstMatch(of: /path:\s*"([^"]+)"/).map { String($0.output.1) }
      ?? "\(folder)/\(name)"
    guard let list = arguments.firstRange(of: /dependencies:\s*\[/) else {
      dependencies = []
      return
    }
    // A product is named once, and its package by another string that is no dependency.
    let names = Self.balanced(arguments[list.upperBound...]).replacing(
      /package:\s*"[^"]*"/, with: "")
    dependencies = names.matches(of: /"([\w-]+)"/).map { String($0.output.1) }
  }

  /// `text` up to the bracket that closes what was opened before it.
  private static func balanced(_ text: Substring) -> Substring {
    var depth = 0
    for index in text.indices {
      switch text[index] {
      case "(", "[": depth += 1
      case ")", "]":
        if depth == 0 { return text[..<index] }
        depth -= 1
      default: break
      }
    }
    return text
  }

  /// One `import` line of a source file.
  struct Import {
    let module: String
    let line: String
    let file: String
  }

  /// The imports of all Swift files of the target.
  func imports() throws -> [Import] {
    let folder = Self.root.appending(path: path)
    let files = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil)
    var imports: [Import] = []
    for case let file as URL in files ?? .init() where file.pathExtension == "swift" {
      for line in try String(contentsOf: file, encoding: .utf8).split(separator: "\n") {
        guard let match = line.firstMatch(of: Self.importLine) else { continue }
        imports.append(
          Import(
            module: String(match.output.1), line: String(line), file: file.lastPathComponent))
      }
    }
    return imports
  }

  private static nonisolated(unsafe) let importLine =
    /^\s*(?:@\w+(?:\([^)]*\))?\s+)*(?:(?:public|package|internal|fileprivate|private)\s+)?import\s+(?:(?:struct|class|enum|protocol|func|var|let|typealias)\s+)?(\w+)/
}
