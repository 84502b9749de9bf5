import Certificates
import ExactArithmetic
import MDPSolvers
import MarkovDecisionProcesses

/// A solution made readable: by people as text, by programs as JSON.
public struct SolutionReport: Report {
  /// What the reader asked for beside the answer.
  public struct Options: Sendable {
    /// Digits after the point of decimals beside the fractions; `nil` for none.
    public var decimals: Int?
    /// The state that replaced the model's initial law.
    public var initialState: State?
    /// The file that holds the certificate, as seen from the solution's folder; `nil` embeds it.
    public var certificateFile: String?
    /// Whether the values of the states are left out: nobody asked for them.
    public var omitsValues = false
    /// Whether bounds were asked for, so that an exact number is written as two equal ones.
    public var wantsBounds = false
    /// The width of the terminal that shows the text; `nil` where there is none.
    public var columns: Int?

    public init() {}
  }

  let solution: Solution
  let model: FiniteMDP
  let options: Options

  /// - Parameter model: the model that was solved, for the names.
  public init(_ solution: Solution, of model: FiniteMDP, options: Options = Options()) {
    self.solution = solution
    self.model = model
    self.options = options
  }

  /// From so many states on, vectors are arrays in the order of the model: names would take more
  /// room than the numbers.
  static let largeStateCount = Certificate.arrayThreshold

  var isLarge: Bool { model.stateCount >= Self.largeStateCount }

  /// The values to show, if any.
  var values: CertifiedVector? { options.omitsValues ? nil : solution.values }

  /// The horizon, for an objective that has one.
  var horizon: Int? {
    switch solution.objective {
    case .discounted: nil
    case .finiteHorizon(let horizon): horizon
    }
  }

  /// Whether the certificate proves bounds, so that the reader needs to know what stays open.
  var hasEnclosingCertificate: Bool {
    switch solution.certificate {
    case .discountedExact, .finiteHorizon: false
    case .discountedEnclosed: true
    }
  }

  func name(_ action: Action) -> String { model.actions[Int(action.index)] }
  func name(_ state: State) -> String { model.states[Int(state.index)] }
}

extension Solution.Objective {
  /// The name in files and on the command line.
  var name: String {
    switch self {
    case .discounted: "discounted"
    case .finiteHorizon: "finite-horizon"
    }
  }
}
