import ExactArithmetic
import Testing

@Suite("Integer in 128 bits")
struct IntegerInt128Tests {
  @Test("a number comes back exactly when it fits, else there is none")
  func ends() {
    for exponent in [0, 1, 62, 63, 64, 65, 126, 127, 128, 200] {
      for offset in -2...2 {
        for sign in [1, -1] {
          let value = ((Integer(1) << exponent) + Integer(offset)) * Integer(sign)
          // 2¹²⁷ itself does not fit; −2¹²⁷ is given up on, for the sake of a shorter test.
          let fits = value.bitLength <= 127
          #expect((value.int128 != nil) == fits, "\(value)")
          if let short = value.int128 { #expect(Integer(short) == value) }
        }
      }
    }
  }
}
