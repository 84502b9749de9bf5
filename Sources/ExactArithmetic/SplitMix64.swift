/// The random numbers of this project: SplitMix64, the same stream on every machine.
///
/// The state is 64 bits and starts as the seed; one step adds the golden-ratio increment and
/// mixes. Not for cryptography.
///
/// Source: Steele, Lea and Flood, *Fast Splittable Pseudorandom Number Generators*, OOPSLA 2014.
public struct SplitMix64: RandomNumberGenerator, Sendable {
  private var state: UInt64

  /// A stream that `seed` determines.
  public init(seed: UInt64) {
    state = seed
  }

  /// The next 64 bits.
  public mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  /// A uniform draw from `0..<bound`, by rejection: draws until the number is below the largest
  /// multiple of `bound` that is at most 2⁶⁴. Always at least one draw.
  ///
  /// - Precondition: `bound` is positive.
  public mutating func below(_ bound: UInt64) -> UInt64 {
    precondition(bound > 0, "an empty range")
    let excess = (UInt64.max % bound + 1) % bound  // 2⁶⁴ mod bound
    var draw = next()
    while excess != 0 && draw >= 0 &- excess { draw = next() }
    return draw % bound
  }
}

extension SplitMix64: Codable {
  /// Writes the state as a string of decimal digits.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(String(state))
  }

  /// Reads the state: the stream goes on where it was.
  ///
  /// - Throws: `DecodingError` unless there is a string of digits below 2⁶⁴.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    guard let state = UInt64(try container.decode(String.self)) else {
      throw DecodingError.dataCorruptedError(
        in: container, debugDescription: "a state of 64 bits is expected")
    }
    self.init(seed: state)
  }
}
