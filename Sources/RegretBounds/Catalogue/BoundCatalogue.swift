import ExactArithmetic
import ExactJSON

/// Every bound that is known here, by name.
public enum BoundCatalogue {
  /// The certified bounds and then the rates.
  public static let all: [Bound] =
    certified.map { .certified(CertifiedBound($0)) } + Rates.all.map { .rate(RateBound($0)) }

  private static let certified: [BoundDescription] =
    ConcentrationBounds.all + LinearMixtureBounds.all + WeightedMixtureBounds.all
    + TabularBounds.all + AverageRewardBounds.all

  private static let places: [String: Int] = Dictionary(
    uniqueKeysWithValues: all.enumerated().map { ($0.element.name, $0.offset) })

  /// The bound of this name.
  ///
  /// - Throws: ``BoundError/unknownBound(_:nearest:)``.
  public static func bound(named name: String) throws(BoundError) -> Bound {
    guard let place = places[name] else {
      throw .unknownBound(name, nearest: nearestName(to: name, among: all.lazy.map(\.name)))
    }
    return all[place]
  }

  /// The certified bound of this name.
  ///
  /// - Throws: ``BoundError/unknownBound(_:nearest:)``, ``BoundError/isRate(_:)``.
  public static func certified(named name: String) throws(BoundError) -> CertifiedBound {
    try bound(named: name).certified()
  }
}
