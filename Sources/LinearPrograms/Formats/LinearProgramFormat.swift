import ExactJSON

/// The text formats of linear programs.
public enum LinearProgramFormat: String, CaseIterable, Sendable {
  /// CPLEX's LP format: algebra, a row a statement.
  case lp
  /// MPS with fields apart by white space, as most programs write it.
  case mps
  /// MPS with fields at fixed places, as the punch cards had it: names may hold spaces.
  case fixedMPS = "fixed-mps"

  /// The format that a path's extension stands for, or `nil` when it stands for none.
  public init?(path: String) {
    let name = path.split(separator: "/").last ?? ""
    switch name.split(separator: ".").dropFirst().last?.lowercased() {
    case "lp": self = .lp
    case "mps": self = .mps
    default: return nil
    }
  }

  /// The format that a text looks like: MPS starts with a section name or a comment star.
  init(sniffing buffer: InputBuffer) {
    var lines = MPSLines(buffer)
    let sections: Set = ["NAME", "ROWS", "OBJSENSE", "OBJSENS"]
    while lines.advance() {
      if lines.isComment { continue }
      guard lines.isHeader, let word = lines.words.first else { break }
      self = sections.contains(lines.text(word)) ? .mps : .lp
      return
    }
    self = buffer.count > 0 && buffer.base[0] == UInt8(ascii: "*") ? .mps : .lp
  }
}
