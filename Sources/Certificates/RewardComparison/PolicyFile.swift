import ExactArithmetic
import ExactJSON
import MarkovDecisionProcesses

/// A stationary policy in a file of its own: `{"s": "a"}` or `{"s": {"a": "1/3", "b": "2/3"}}`,
/// with every state.
public enum PolicyFile {
  /// Reads the policy at `path`.
  ///
  /// - Throws: ``InputError``, also for what does not fit the model.
  public static func read(
    _ path: String, for model: FiniteMDP, limits: NumberLimits = .standard
  ) throws(InputError) -> Policy {
    let document = try JSONDocument.read(path)
    let file = InputFile.name(of: path)
    guard case .object = document.root.kind else {
      throw InputError(
        file: file, place: nil, problem: document.root.expected("an object").problem)
    }
    return try policy(document.root, file: file, place: nil, for: model, limits)
  }

  static func policy(
    _ node: JSONNode, file: String, place: String?, for model: FiniteMDP, _ limits: NumberLimits
  ) throws(InputError) -> Policy {
    let written: WrittenComparison.WrittenPolicy
    do throws(Malformed) {
      written = try EntryReader(limits: limits).stochasticPolicy(node)
    } catch {
      let inner = place.map { error.inside($0) } ?? error
      throw InputError(file: file, place: inner.place, problem: inner.problem)
    }
    do throws(CheckFailure) {
      return try model.policy(written, isComplete: true, "policy")
    } catch {
      throw error.ofInput(file, place: place)
    }
  }
}
