import ExactArithmetic
import ExactJSON
import LinearPrograms
import TestSupport
import Testing

/// Files that are cut or scrambled end with an error that has a place, or are read; nothing else.
@Suite("Spoiled files of linear programs")
struct SpoiledFileTests {
  @Test("a cut file is never a program", arguments: [LinearProgramFormat.lp, .mps])
  func truncation(format: LinearProgramFormat) throws {
    var random = SplitMix64(seed: 7)
    for _ in 0..<8 {
      let whole = try text(of: LinearProgram.random(using: &random), format)
      let end = format == .lp ? "\nEnd" : "\nENDATA"
      let bytes = Array(whole.utf8)
      // The end of the last line is no part of the program.
      for length in 0..<bytes.count - 1 {
        let cut = String(decoding: bytes[..<length], as: UTF8.self)
        guard !cut.hasSuffix(end) else { continue }
        #expect(throws: InputError.self) { try program(cut, format) }
      }
    }
  }

  @Test(
    "scrambled bytes end in an error with a line or in a program", arguments: 0..<4 as Range<UInt64>
  )
  func mutation(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    let alphabet = Array("\n\n  \t+-<>=:0123456789.eE/xrcEndst\\*'[]\u{0}~^".utf8) + [0xFF, 0xC3]
    for format in LinearProgramFormat.allCases {
      for _ in 0..<12 {
        let source = LinearProgram.random(using: &random, isPlain: true)
        let original = Array(try text(of: source, format).utf8)
        for _ in 0..<60 {
          var bytes = original
          for _ in 0..<Int.random(in: 1...4, using: &random) {
            let place = Int.random(in: 0..<bytes.count, using: &random)
            switch Int.random(in: 0..<4, using: &random) {
            case 0: bytes.remove(at: place)
            case 1: bytes.insert(alphabet.randomElement(using: &random)!, at: place)
            case 2: bytes[place] = alphabet.randomElement(using: &random)!
            default: bytes.swapAt(place, Int.random(in: 0..<bytes.count, using: &random))
            }
          }
          do throws(InputError) {
            _ = try LinearProgramFile.read(bytes: bytes, name: "a", format: format)
          } catch {
            try #require(error.kind == .malformed && error.place != nil, "\(error)")
          }
        }
      }
    }
  }
}
