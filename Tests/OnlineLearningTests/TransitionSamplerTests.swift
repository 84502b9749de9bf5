import ExactArithmetic
import MarkovDecisionProcesses
import TestSupport
import Testing

@testable import OnlineLearning

@Suite("Sampling transitions")
struct TransitionSamplerTests {
  @Test("thresholds are those of exact comparisons")
  func thresholds() {
    // ⌈2^64/3⌉ - 1 = 6148914691236517205, as 3 · that = 2^64 - 1.
    #expect(
      TransitionSampler.largestDraws(of: [Rational(1, 3), Rational(2, 3)])
        == [6_148_914_691_236_517_205, .max])
    let quarters = TransitionSampler.largestDraws(
      of: [Rational(1, 2), Rational(1, 4), Rational(1, 4)])
    let half: UInt64 = 1 << 63
    #expect(quarters == [half - 1, half + half / 2 - 1, UInt64.max])
    // A probability far below 2^-64 is the draw 0 alone.
    let tiny = Rational(1, 2).power(100)
    #expect(TransitionSampler.largestDraws(of: [tiny, 1 - tiny]) == [0, .max])
  }

  @Test("successors go by their index, not by the order of the file")
  func order() throws {
    let model = try TinyModel.read("a go → b:1/4, a:3/4 | 0; b go → b | 0")
    let sampler = TransitionSampler(model)
    #expect(sampler.successor(of: Choice(0), draw: 0) == State(0))
    #expect(sampler.successor(of: Choice(0), draw: 3 << 62 - 1) == State(0))
    #expect(sampler.successor(of: Choice(0), draw: 3 << 62) == State(1))
    #expect(sampler.successor(of: Choice(0), draw: .max) == State(1))
    #expect(sampler.successor(of: Choice(1), draw: 0) == State(1))
  }

  @Test("frequencies agree with the law")
  func frequencies() throws {
    let model = try TinyModel.read("a go → a:1/4, b:1/4, c:1/2 | 0; b go → b | 0; c go → c | 0")
    let sampler = TransitionSampler(model)
    var random = SplitMix64(seed: 7)
    var counts = [0, 0, 0]
    for _ in 0..<4000 {
      counts[Int(sampler.successor(of: Choice(0), using: &random).index)] += 1
    }
    // Six standard deviations are 165 and 190.
    #expect(abs(counts[0] - 1000) < 170 && abs(counts[1] - 1000) < 170)
    #expect(abs(counts[2] - 2000) < 200)
  }
}
