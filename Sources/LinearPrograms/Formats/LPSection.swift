/// What starts a part of an LP file.
enum LPSection: Equatable {
  case objective(LinearProgram.Direction)
  case rows
  case bounds
  case end
  /// A part that only integer or otherwise non-linear programs have.
  case notLinear

  /// The section that a word starts, in small letters; `subject` and `such` need a second word.
  init?(_ word: String) {
    switch word {
    case "min", "minimize", "minimise", "minimum": self = .objective(.minimize)
    case "max", "maximize", "maximise", "maximum": self = .objective(.maximize)
    case "st", "st.", "s.t.", "s.t", "subject", "such": self = .rows
    case "bounds", "bound": self = .bounds
    case "end": self = .end
    case "general", "generals", "gen", "integer", "integers", "int", "binary", "binaries", "bin",
      "semi-continuous", "semi", "semis", "sos", "sos1", "sos2", "pwlobj":
      self = .notLinear
    default: return nil
    }
  }

  /// The second word of a section's name of two words.
  static func secondWord(after word: String) -> String? {
    switch word {
    case "subject": "to"
    case "such": "that"
    default: nil
    }
  }
}
