import ExactArithmetic
import TestSupport
import Testing

@Suite("Integers as bytes")
struct IntegerBytesTests {
  @Test("the bytes of the magnitude and back", .tags(.differential))
  func roundTrip() {
    #expect(Integer.zero.magnitudeBytes.isEmpty)
    #expect(Integer(0x0102_03).magnitudeBytes == [3, 2, 1])
    #expect(Integer(-256).magnitudeBytes == [0, 1])
    #expect(Integer(magnitudeBytes: []) == 0)
    #expect(Integer(magnitudeBytes: [1, 0, 2, 0, 0]) == 131_073)
    var random = SplitMix64(seed: 3)
    for number in Integer.corners + (0..<200).map({ _ in Integer.random(using: &random) }) {
      let bytes = number.magnitudeBytes
      #expect(bytes.last != 0)
      #expect(Integer(magnitudeBytes: bytes) == number.magnitude)
      #expect(
        bytes.reversed().reduce(Integer.zero) { $0 * 256 + Integer(Int($1)) } == number.magnitude)
    }
  }
}
