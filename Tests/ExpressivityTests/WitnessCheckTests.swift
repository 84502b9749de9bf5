import Expressivity
import Testing

@Suite("The nine witnesses")
struct WitnessCheckTests {
  @Test("each is recomputed and holds", arguments: Witness.allCases)
  func verified(witness: Witness) throws {
    let check = try WitnessCheck(of: witness)
    #expect(check.isVerified, "\(check.lines)")
    #expect(!check.lines.isEmpty)
  }
}
