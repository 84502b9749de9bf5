import ExactArithmetic
import ExactJSON
import MDPSolvers
import MarkovDecisionProcesses

/// Writes what has one entry a state: an object by name, or an array in the order of a large model.
struct StateVectorWriter {
  let json: JSONWriter
  let model: FiniteMDP

  private var isLarge: Bool { model.stateCount >= SolutionReport.largeStateCount }

  /// Calls `writeEntry` for one state after the other.
  ///
  /// - Parameter isPresent: the states with an entry; the others are left out, or `null`.
  func entries(where isPresent: (Int) -> Bool = { _ in true }, _ writeEntry: (Int) -> Void) {
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

  /// The entries exactly; those of a large model over their common denominator, if they have one.
  func exact(_ vector: RationalVector) {
    guard isLarge, case .common(let denominator, let numerators) = vector.form else {
      return entries { json.string(vector[$0].description) }
    }
    json.beginObject()
    json.member("denominator", denominator.description)
    json.key("numerators")
    json.beginArray()
    for numerator in numerators { json.string(numerator.description) }
    json.endArray()
    json.endObject()
  }

  /// The entries between bounds.
  func enclosed(_ lower: RationalVector, _ upper: RationalVector) {
    entries { json.enclosure(lower[$0].description, upper[$0].description) }
  }

  /// The entries as decimals with this many digits after the point.
  func decimals(_ vector: RationalVector, digits: Int) {
    entries { json.string(vector.decimalText(at: $0, digits: digits)) }
  }

  /// The bounds as decimals, rounded outwards.
  func decimals(_ lower: RationalVector, _ upper: RationalVector, digits: Int) {
    entries { state in
      json.enclosure(
        lower.decimalText(at: state, digits: digits, rounding: .down),
        upper.decimalText(at: state, digits: digits, rounding: .up))
    }
  }

  /// One action a state.
  func policy(_ actions: [Action]) {
    entries { json.string(model.actions[Int(actions[$0].index)]) }
  }

  /// The names of a list of actions a state.
  func lists(_ actions: [[Action]]) {
    json.beginObject()
    for state in 0..<model.stateCount {
      json.key(model.states[state])
      json.beginArray()
      for action in actions[state] { json.string(model.actions[Int(action.index)]) }
      json.endArray()
    }
    json.endObject()
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
    case .exact(let vector) where infinity == nil: exact(vector)
    case .exact(let vector): entries(infinity) { json.string(vector[$0].description) }
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
    entries { state in
      if let text = infinity?(state) { json.string(text) } else { writeEntry(state) }
    }
  }
}
