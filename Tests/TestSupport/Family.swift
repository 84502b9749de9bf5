import MarkovDecisionProcesses

extension ModelFamily {
  /// Settles a family from command-line arguments as the stored tables write them: `--name value`,
  /// `--name=value` or a lone flag.
  public init(_ family: String, arguments: [String]) throws(FamilyError) {
    var options: [String: String] = [:]
    var rest = arguments[...]
    while let argument = rest.popFirst() {
      let parts = argument.dropFirst(2).split(separator: "=", maxSplits: 1).map(String.init)
      if parts.count == 2 {
        options[parts[0]] = parts[1]
      } else if Self.options.contains(where: { $0.name == parts[0] && $0.isFlag }) {
        options[parts[0]] = "true"
      } else {
        options[parts[0]] = rest.popFirst() ?? ""
      }
    }
    try self.init(family, options: options)
  }

  /// All that the writer of `format` writes.
  public func bytes(as format: String = "rationale") throws -> [UInt8] {
    let collected = Collector()
    switch format {
    case "drn": try writeDRN { collected.bytes += $0 }
    case "prism-explicit": try writePrism { collected.bytes += $0 }
    default: try writeRationale { collected.bytes += $0 }
    }
    return collected.bytes
  }
}

private final class Collector {
  var bytes: [UInt8] = []
}
