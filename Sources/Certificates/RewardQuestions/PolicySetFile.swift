import ExactArithmetic
import ExactJSON
import MarkovDecisionProcesses

/// Named stationary policies in a file: `{"cautious": {"s": "a"}, "bold": {"s": {"a": "1/2", …}}}`,
/// each with every state.
public enum PolicySetFile {
  /// Reads the policies at `path`, at least one, in the order of the file.
  ///
  /// - Throws: ``InputError``, also for what does not fit the model.
  public static func read(
    _ path: String, for model: FiniteMDP, limits: NumberLimits = .standard
  ) throws(InputError) -> [(name: String, policy: Policy)] {
    let document = try JSONDocument.read(path)
    let file = InputFile.name(of: path)
    guard case .object(let members) = document.root.kind, !members.isEmpty else {
      throw InputError(
        file: file, place: nil,
        problem: "an object of policies by their names is expected, at least one")
    }
    var policies: [(name: String, policy: Policy)] = []
    for member in members {
      guard case .object = member.value.kind else {
        throw InputError(
          file: file, place: "[\(excerpt(member.key))]",
          problem: member.value.expected("a policy, an object with one entry a state").problem)
      }
      policies.append(
        (
          member.key,
          try PolicyFile.policy(
            member.value, file: file, place: "[\(excerpt(member.key))]", for: model, limits)
        ))
    }
    return policies
  }
}

/// Pairs of states and actions in a file: `[["s", "a"], ["t", "b"]]`.
public enum ChoiceFile {
  /// Reads the pairs at `path`, ascending.
  ///
  /// - Throws: ``InputError``, also for what does not fit the model, and for a pair listed twice.
  public static func read(
    _ path: String, for model: FiniteMDP, limits: NumberLimits = .standard
  ) throws(InputError) -> [Choice] {
    let document = try JSONDocument.read(path)
    let file = InputFile.name(of: path)
    let written: [(state: Reference, action: Reference)]
    do throws(Malformed) {
      written = try EntryReader(limits: limits).choices(document.root)
    } catch {
      throw InputError(file: file, place: error.place, problem: error.problem)
    }
    do throws(CheckFailure) {
      return try model.choices(written, "pairs")
    } catch {
      throw error.ofInput(file, place: nil)
    }
  }
}

extension CheckFailure {
  /// The failure as an error of a file that was read for a model.
  func ofInput(_ file: String, place: String?) -> InputError {
    switch self {
    case .rejected(let reason): InputError(file: file, place: place, problem: reason)
    case .interrupted: preconditionFailure("reading a file asks nobody to stop")
    }
  }
}
