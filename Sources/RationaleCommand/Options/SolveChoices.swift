import ArgumentParser
import MDPSolvers

/// The objectives that can be asked for.
enum ObjectiveName: String, CaseIterable {
  case discounted
  case finiteHorizon = "finite-horizon"
  case reachability
  case total
  case average
  case blackwell
  /// A property of temporal logic, or of an automaton.
  case ltl
  case ltlf
}

/// Reads a value of a closed set, telling what is merely not there yet from what is unknown.
///
/// - Parameters:
///   - planned: values of the file formats that this version cannot compute.
func choice<Value: RawRepresentable & CaseIterable>(
  _ text: String, of kind: String, planned: [String]
) throws -> Value where Value.RawValue == String {
  if let value = Value(rawValue: text) { return value }
  let available = Value.allCases.map(\.rawValue).joined(separator: ", ")
  if planned.contains(text) {
    throw ValidationError(
      "the \(kind) '\(text)' is not available in this version; available: \(available)")
  }
  throw ValidationError("there is no \(kind) '\(text)'; available: \(available)")
}

extension ObjectiveName {
  static func parse(_ text: String) throws -> ObjectiveName {
    try choice(text, of: "objective", planned: [])
  }
}

extension SolverMethod {
  static func parse(_ text: String) throws -> SolverMethod {
    try choice(text, of: "method", planned: [])
  }
}

/// Which values `solve` computes.
enum ValuesChoice: String, CaseIterable, ExpressibleByArgument {
  case all, initial, none
}
