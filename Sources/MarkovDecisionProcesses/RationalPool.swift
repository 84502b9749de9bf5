import ExactArithmetic

/// The distinct numbers of a model, each kept once, with its nearest double beside it.
///
/// Probabilities repeat a lot: a transition stores a 32-bit index into the pool, and the
/// floating-point guide and the exact judge read the same index.
public struct RationalPool: Sendable {
  public private(set) var values: [Rational] = []
  /// `doubles[i]` is the double nearest to `values[i]`.
  public private(set) var doubles: [Double] = []
  private var places: [Rational: Int32] = [:]

  public init() {}

  public var count: Int { values.count }

  public subscript(place: Int32) -> Rational { values[Int(place)] }

  /// The place of `value`, which is added if it is new.
  public mutating func insert(_ value: Rational) -> Int32 {
    if let place = places[value] { return place }
    let place = Int32(values.count)
    values.append(value)
    doubles.append(Double(value))
    places[value] = place
    return place
  }
}

/// A vector of rationals that repeat: indices into a pool.
public struct PooledVector: Sendable {
  package let places: ContiguousArray<Int32>
  public let pool: RationalPool

  package init(places: ContiguousArray<Int32>, pool: RationalPool) {
    self.places = places
    self.pool = pool
  }

  /// The vector with these entries.
  package init(_ entries: some Sequence<Rational>) {
    var pool = RationalPool()
    places = ContiguousArray(entries.map { pool.insert($0) })
    self.pool = pool
  }

  public var count: Int { places.count }

  public subscript(index: Int) -> Rational { pool[places[index]] }

  /// The nearest double of entry `index`.
  public func double(at index: Int) -> Double { pool.doubles[Int(places[index])] }
}

extension PooledVector {
  /// The vector with opposite signs.
  package var negated: PooledVector {
    var pool = RationalPool()
    let map = self.pool.values.map { pool.insert(-$0) }
    return PooledVector(places: ContiguousArray(places.map { map[Int($0)] }), pool: pool)
  }
}
