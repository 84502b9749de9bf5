import ExactArithmetic
import LinearProgramSolvers
import LinearPrograms

/// The exact answer to a linear program, made readable.
public struct LinearProgramReport: Report {
  /// What the reader asked for beside the answer.
  public struct Options: Sendable {
    /// Digits after the point of decimals beside the fractions; `nil` for none.
    public var decimals: Int?
    /// The file that holds the certificate, as seen from the answer's folder; `nil` embeds it.
    public var certificateFile: String?
    /// The width of the terminal that shows the text; `nil` where there is none.
    public var columns: Int?
    /// Wall time of solving, in seconds.
    public var seconds = 0.0

    public init() {}
  }

  /// How the answer reacts to changes; only for an optimum.
  public struct Sensitivity: Sendable {
    /// One entry a column.
    public let reducedCosts: [Rational]
    /// All optimal points.
    public let face: OptimalFace

    public init(reducedCosts: [Rational], face: OptimalFace) {
      self.reducedCosts = reducedCosts
      self.face = face
    }
  }

  let solution: LPSolution
  let program: LinearProgram
  let sensitivity: Sensitivity?
  let options: Options

  /// - Parameters:
  ///   - program: the program that was solved, for the names.
  ///   - sensitivity: what is known of it, if anything.
  public init(
    _ solution: LPSolution, of program: LinearProgram, sensitivity: Sensitivity? = nil,
    options: Options = Options()
  ) {
    self.solution = solution
    self.program = program
    self.sensitivity = sensitivity
    self.options = options
  }

  /// From so many rows and columns on, the embedded certificate leaves out what the answer around
  /// it holds already.
  private static let largeCount = 10_000

  var isLarge: Bool { program.rowCount + program.columnCount >= Self.largeCount }
}
