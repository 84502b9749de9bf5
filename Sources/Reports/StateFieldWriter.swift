import Certificates
import ExactArithmetic
import ExactJSON
import MDPSolvers
import MarkovDecisionProcesses

/// Writes what a solution says state by state: objects by name, or arrays for a large model.
struct StateFieldWriter {
  let json: JSONWriter
  let model: FiniteMDP

  private var isLarge: Bool { model.stateCount >= SolutionReport.largeStateCount }

  /// One entry a state.
  ///
  /// - Parameter isPresent: the states with an entry; the others are left out, or `null`.
  func write(where isPresent: (Int) -> Bool = { _ in true }, _ writeEntry: (Int) -> Void) {
    if isLarge { json.beginArray() } else { json.beginObject() }
    for state in 0..<model.stateCount {
      guard isPresent(state) else {
        if isLarge { json.null() }
        continue
      }
      if !isLarge { json.key(model.states[state]) }
      writeEntry(state)
    }
    if isLarge { json.endArray() } else { json.endObject() }
  }

  /// The members `NAME` and, with decimals, `NAMEDecimal`.
  ///
  /// - Parameter infinity: what stands for the value of a state where it is no number.
  func members(
    _ name: String, _ values: CertifiedVector, decimals: Int?,
    infinity: ((Int) -> String?)? = nil
  ) {
    json.key(name)
    switch values {
    case .exact(let vector): write(vector, infinity)
    case .enclosed(let lower, let upper):
      entries(infinity) { json.enclosure(lower[$0].description, upper[$0].description) }
    }
    guard let decimals else { return }
    json.key("\(name)Decimal")
    entries(infinity) { state in
      switch values {
      case .exact(let vector): json.string(vector.decimalText(at: state, digits: decimals))
      case .enclosed(let lower, let upper):
        json.enclosure(
          lower.decimalText(at: state, digits: decimals, rounding: .down),
          upper.decimalText(at: state, digits: decimals, rounding: .up))
      }
    }
  }

  private func entries(_ infinity: ((Int) -> String?)?, _ writeEntry: (Int) -> Void) {
    write { state in
      if let text = infinity?(state) { json.string(text) } else { writeEntry(state) }
    }
  }

  private func write(_ vector: RationalVector, _ infinity: ((Int) -> String?)?) {
    if infinity == nil, isLarge, case .common(let denominator, let numerators) = vector.form {
      json.beginObject()
      json.member("denominator", denominator.description)
      json.key("numerators")
      json.beginArray()
      for numerator in numerators { json.string(numerator.description) }
      json.endArray()
      json.endObject()
    } else {
      entries(infinity) { json.string(vector[$0].description) }
    }
  }
}

extension JSONWriter {
  /// The members `NAME` and, with decimals, `NAMEDecimal`.
  func members(_ name: String, _ value: CertifiedNumber, decimals: Int?) {
    key(name)
    switch value {
    case .exact(let value): string(value.description)
    case .enclosed(let lower, let upper): enclosure(lower.description, upper.description)
    }
    guard let decimals else { return }
    key("\(name)Decimal")
    switch value {
    case .exact(let value): string(decimalText(value, digits: decimals))
    case .enclosed(let lower, let upper):
      enclosure(
        decimalText(lower, digits: decimals, rounding: .down),
        decimalText(upper, digits: decimals, rounding: .up))
    }
  }
}
