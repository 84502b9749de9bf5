import ExactArithmetic
import ExactJSON
import MarkovDecisionProcesses

/// Files of the format `rationale-class`: `{"format", "version", "hypotheses": [MODEL, …]}`, each
/// model as in a model file.
public enum ClassFile {
  /// Reads the models.
  ///
  /// - Throws: ``InputError`` with the place in the file; of a hypothesis, its number and the
  ///   place in it.
  public static func read(
    _ path: String, limits: NumberLimits = .standard
  ) throws(InputError) -> [FiniteMDP] {
    try read(InputFile.load(path), name: InputFile.name(of: path), limits: limits)
  }

  /// Reads the same from text.
  public static func read(
    bytes: [UInt8], name: String, limits: NumberLimits = .standard
  ) throws(InputError) -> [FiniteMDP] {
    try read(InputBuffer(bytes), name: name, limits: limits)
  }

  private static func read(
    _ buffer: InputBuffer, name: String, limits: NumberLimits
  ) throws(InputError) -> [FiniteMDP] {
    let ranges: [Range<Int>]
    do throws(JSONError) {
      ranges = try hypotheses(buffer, name)
    } catch {
      throw InputError(error, file: name)
    }
    guard !ranges.isEmpty else {
      throw InputError(file: name, place: "hypotheses", problem: "there is no hypothesis")
    }
    var models: [FiniteMDP] = []
    for (number, range) in ranges.enumerated() {
      let options = ReadOptions(format: .rationale, limits: limits)
      models.append(
        try ModelFile.read(
          bytes: Array(buffer.bytes(range)), name: "\(name): hypotheses[\(number)]",
          options: options
        ).model)
    }
    return models
  }

  /// Where the models stand in the text; the text is checked to its end.
  private static func hypotheses(
    _ buffer: InputBuffer, _ name: String
  ) throws(JSONError) -> [Range<Int>] {
    var json = try JSONReader(buffer)
    var ranges: [Range<Int>]?
    var (hasFormat, hasVersion) = (false, false)
    func error(_ offset: Int, _ problem: String) -> JSONError {
      let place = buffer.position(of: offset)
      return JSONError(line: place.line, column: place.column, problem: problem)
    }
    try json.beginObject()
    while let (key, offset) = try json.nextKey() {
      switch key {
      case "format":
        guard case .string = try json.peek(), try json.string() == "rationale-class" else {
          throw error(offset, "the format has to be \"rationale-class\"")
        }
        hasFormat = true
      case "version":
        guard case .number = try json.peek(), try json.number() == "1" else {
          throw error(offset, "the version has to be 1")
        }
        hasVersion = true
      case "hypotheses":
        var found: [Range<Int>] = []
        try json.beginArray()
        while try json.nextElement() { found.append(try json.skipValue()) }
        ranges = found
      case _ where key.hasPrefix("x-"): _ = try json.skipValue()
      default:
        let nearest = nearestName(to: key, among: ["format", "version", "hypotheses"])
        throw error(
          offset,
          "unknown key \(excerpt(key))"
            + (nearest.map { " (the nearest known one is '\($0)')" } ?? ""))
      }
    }
    try json.finish()
    for (key, isThere) in [
      ("format", hasFormat), ("version", hasVersion), ("hypotheses", ranges != nil),
    ] where !isThere {
      throw error(0, "the key '\(key)' is missing")
    }
    return ranges ?? []
  }
}

extension HypothesisClass {
  /// The number of the hypothesis with the same transitions as `model`; `nil` when there is none.
  public func index(of model: FiniteMDP) -> Int? {
    models.firstIndex { hypothesis in
      hypothesis.stateCount == model.stateCount
        && hypothesis.choiceOffsets == model.choiceOffsets
        && hypothesis.choiceActions == model.choiceActions
        && (0..<model.choiceCount).allSatisfy { rowDistance($0, hypothesis, model).isZero }
    }
  }
}
