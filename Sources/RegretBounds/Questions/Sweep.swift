import ExactArithmetic

/// The values of a bound along one parameter, at points with equal ratios.
public struct Sweep: Sendable {
  public struct Point: Sendable {
    public let argument: Rational
    public let value: Enclosure
    /// What holds without a theorem.
    public let trivial: Rational?
  }

  public let bound: Bound
  public let parameter: Parameter
  public let points: [Point]
  /// Arguments at which the bound is not claimed, with the reason for the first.
  public let skipped: (count: Int, reason: BoundError?)

  /// The most points of a sweep.
  public static let mostPoints = 10_000

  /// - Parameters:
  ///   - name: the parameter that varies.
  ///   - others: numbers for the other parameters.
  ///   - range: from a positive number on.
  ///   - count: points, ends included; of a parameter that counts, points that round to the same
  ///     integer are one.
  /// - Throws: ``BoundError``, ``Interrupted``. Points that break a condition of the theorem are
  ///   left out; when all do, the reason is thrown.
  public init(
    of bound: Bound, over name: String, _ others: [String: Rational], range: ClosedRange<Rational>,
    count: Int = 61, progress: ProgressHandler = .none
  ) throws {
    guard let parameter = bound.description.parameter(named: name) else {
      throw BoundError.unknownParameter(
        name, bound: bound.name, known: bound.description.parameters.map(\.name))
    }
    guard range.lowerBound.signum > 0 else {
      throw BoundError.outOfRange(
        parameter: name, value: range.lowerBound, rule: "greater than 0 in a sweep")
    }
    self.bound = bound
    self.parameter = parameter
    var others = others
    for key in [parameter.name] + parameter.aliases { others[key] = nil }
    var points: [Point] = []
    var (skipped, reason): (Int, BoundError?) = (0, nil)
    for argument in Self.arguments(range, count, parameter) {
      try progress.checkpoint()
      do throws(BoundError) {
        let instance = try bound.instance(others.merging([parameter.name: argument]) { $1 })
        points.append(
          Point(
            argument: argument, value: try instance.shownValue(),
            trivial: try instance.trivialValue()))
      } catch {
        switch error {
        case .outOfRange(parameter.name, _, _), .conditionViolated:
          skipped += 1
          reason = reason ?? error
        default: throw error
        }
      }
    }
    if points.isEmpty, let reason { throw reason }
    self.points = points
    self.skipped = (skipped, reason)
  }

  /// `low · (high/low)^(i/(count-1))`: the ends exactly, what lies between near the powers.
  private static func arguments(
    _ range: ClosedRange<Rational>, _ count: Int, _ parameter: Parameter
  ) -> [Rational] {
    let (low, high) = (range.lowerBound, range.upperBound)
    guard low < high, count > 1 else { return [low] }
    // A point of a sweep may be any number near the power; 64 bits are plenty.
    guard let logarithm = try? Enclosure(high / low).logarithm(bits: 64).midpoint else {
      return [low, high]
    }
    var arguments = [low]
    for place in 1..<(count - 1) {
      let exponent = Enclosure(logarithm * Rational(place, count - 1)).roundedOutward(bits: 64)
      guard let power = try? Enclosure(exponent.lower).exponential(bits: 64) else { continue }
      var argument = power.lower * low
      if case .integer = parameter.range {
        argument = Rational(argument.roundedToEven)
      } else {
        argument = Enclosure(argument).roundedOutward(significantBits: 24).lower
      }
      if let last = arguments.last, argument > last, argument < high { arguments.append(argument) }
    }
    return arguments + [high]
  }
}
