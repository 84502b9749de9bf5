import ExactArithmetic
import ExactJSON
import MarkovDecisionProcesses

/// Files of the format `rationale-features`: `{"format", "version", "dimension", "features":
/// [[s, a, s', [numbers]], …]}`, with states and actions by name or by index.
public enum FeatureFile {
  /// The most dimensions of a file: a number past it is a mistake, and could exhaust the memory.
  public static let largestDimension = 10_000

  /// Reads the features of `model`'s transitions; what is not listed is 0.
  ///
  /// - Throws: ``InputError`` with the place in the file.
  public static func read(
    _ path: String, for model: FiniteMDP, limits: NumberLimits = .standard
  ) throws(InputError) -> TransitionFeatures {
    let document = try JSONDocument.read(path)
    let reader = ModelListReader(model, file: InputFile.name(of: path), limits: limits)
    return try reader.features(document.root)
  }

  /// Reads the same from text.
  public static func read(
    bytes: [UInt8], name: String, for model: FiniteMDP, limits: NumberLimits = .standard
  ) throws(InputError) -> TransitionFeatures {
    let document: JSONDocument
    do throws(JSONError) {
      document = try JSONDocument(parsing: bytes)
    } catch {
      throw InputError(error, file: name)
    }
    return try ModelListReader(model, file: name, limits: limits).features(document.root)
  }
}

extension ModelListReader {
  fileprivate func features(_ root: JSONNode) throws(InputError) -> TransitionFeatures {
    let members = try members(root, format: "rationale-features", keys: ["dimension", "features"])
    let dimension = try dimension(members)
    var rows = [[TransitionFeatures.Entry]](repeating: [], count: model.choiceCount)
    var seen: [Set<State>] = Array(repeating: [], count: model.choiceCount)
    let list = try array(try required("features", members), at: "features")
    for (place, node) in list.enumerated() {
      let path = "features[\(place)]"
      let parts = try parts(node, "[state, action, successor, [numbers]]", count: 4, at: path)
      let choice = Int(try choice(parts, at: path).index)
      let successor = State(try self.place(parts[2], model.states, of: "state", at: "\(path)[2]"))
      guard seen[choice].insert(successor).inserted else {
        throw error("the feature of this transition is listed twice", at: path)
      }
      let vector = try vector(parts[3], count: dimension, at: "\(path)[3]")
      rows[choice].append(TransitionFeatures.Entry(successor: successor, vector: vector))
    }
    return TransitionFeatures(dimension: dimension, rows: rows)
  }
}
