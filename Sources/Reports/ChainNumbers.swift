import ExactArithmetic
import ExactJSON
import MDPSolvers
import MarkovDecisionProcesses

/// What only exact solving tells of the long run of a chain, as far as its size allows.
struct ChainNumbers {
  /// A number for each pair of states, one row a start; `nil` is infinite.
  struct Matrix {
    /// The name in files.
    let key: String
    /// What people call it.
    let title: String
    let rows: [[Rational?]]
  }

  /// One law a recurrent class.
  private(set) var stationary: [[Rational]]?
  private(set) var kemeny: Rational?
  /// The limiting matrix, the deviation matrix and the mean hitting times.
  private(set) var matrices: [Matrix] = []

  /// The most states for which they are computed.
  static let limits = (stationary: 1000, kemeny: 250, matrices: 50)
  /// The most states for which matrices are shown to people.
  private static let mostShownStates = 10

  /// - Parameter model: has one action a state.
  /// - Complexity: one exact solve a class, a state or two of each a state, as the size allows.
  init(of model: FiniteMDP, progress: ProgressHandler) throws(Interrupted) {
    let analysis = ChainAnalysis(of: .first(in: model), in: model)
    if model.stateCount <= Self.limits.stationary {
      stationary = try analysis.stationaryLaws(progress: progress)
    }
    if model.stateCount <= Self.limits.kemeny {
      kemeny = try analysis.kemenyConstant(progress: progress)
    }
    guard model.stateCount <= Self.limits.matrices else { return }
    var columns: [[Rational?]] = []
    for target in 0..<model.stateCount {
      columns.append(try analysis.hittingTimes(to: State(target), progress: progress))
    }
    matrices = [
      Matrix(
        key: "limitingMatrix", title: "Limiting matrix: the share of time at a state",
        rows: try analysis.limitingMatrix(progress: progress)),
      Matrix(
        key: "deviationMatrix", title: "Deviation matrix: the visits above that share",
        rows: try analysis.deviationMatrix(progress: progress)),
      Matrix(
        key: "hittingTimes", title: "Hitting times: the mean number of steps to a state",
        rows: columns.indices.map { start in columns.map { $0[start] } }),
    ]
  }

  /// Writes the members of the object `chain`, states by name.
  func write(
    to json: JSONWriter, classes: [[State]], names model: FiniteMDP
  ) {
    if let stationary {
      json.key("stationary")
      json.beginArray()
      for (states, law) in zip(classes, stationary) {
        json.beginObject()
        for (state, share) in zip(states, law) {
          json.member(model.states[Int(state.index)], share.description)
        }
        json.endObject()
      }
      json.endArray()
    }
    if let kemeny { json.member("kemeny", kemeny.description) }
    for matrix in matrices { write(matrix, to: json, names: model) }
  }

  private func write(_ matrix: Matrix, to json: JSONWriter, names model: FiniteMDP) {
    json.key(matrix.key)
    json.beginObject()
    for (start, row) in matrix.rows.enumerated() {
      json.key(model.states[start])
      json.beginObject()
      for (state, entry) in row.enumerated() {
        json.member(model.states[state], entry?.description ?? "inf")
      }
      json.endObject()
    }
    json.endObject()
  }

  /// The matrices of a chain of few states, one row a start.
  func writeMatrices(to text: inout TextWriter, names model: FiniteMDP) throws {
    guard model.stateCount <= Self.mostShownStates else {
      if !matrices.isEmpty {
        try text.line()
        try text.line("--format json writes the matrices and hitting times of this chain.")
      }
      return
    }
    for matrix in matrices {
      try text.line()
      try text.line(matrix.title)
      var table = TextTable(
        [("from", .left)] + (0..<model.stateCount).map { ("to " + model.states[$0], .right) })
      for (start, row) in matrix.rows.enumerated() {
        table.add([model.states[start]] + row.map { $0.map(Self.text) ?? "inf" })
      }
      try table.write(to: &text)
    }
  }

  /// A number in one line; a long one as a decimal.
  static func text(of value: Rational) -> String {
    let fraction = value.description
    return fraction.utf8.count <= 40 ? fraction : "≈ " + decimalText(value, digits: 12)
  }
}
