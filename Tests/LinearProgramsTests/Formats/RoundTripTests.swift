import ExactArithmetic
import LinearPrograms
import TestSupport
import Testing

@Suite("Writing and reading linear programs")
struct RoundTripTests {
  @Test("what is written reads back as the same program", arguments: 0..<6 as Range<UInt64>)
  func roundTrip(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    for _ in 0..<200 {
      let original = LinearProgram.random(using: &random)
      let lp = try text(of: original)
      try #require(try program(lp).hasSameContent(as: original), "seed \(seed):\n\(lp)")
      let mps = try text(of: original, .mps)
      try #require(try program(mps, .mps) == original, "seed \(seed):\n\(mps)")
    }
  }

  @Test(
    "fixed places read back too, where the numbers are short", arguments: 0..<4 as Range<UInt64>)
  func fixedRoundTrip(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    for _ in 0..<100 {
      let original = LinearProgram.random(using: &random, isPlain: true)
      let fixed = try text(of: original, .fixedMPS)
      try #require(try program(fixed, .fixedMPS) == original, "seed \(seed):\n\(fixed)")
      try #require(try program(fixed, .mps) == original, "seed \(seed):\n\(fixed)")
    }
  }

  @Test("crossed sides are written in LP, and refused in MPS where they are a row's")
  func crossed() throws {
    var builder = LinearProgramBuilder()
    try builder.addColumn("x", lower: 3, upper: 2)
    let columnAlone = builder.build()
    #expect(try program(text(of: columnAlone)).columnBounds == columnAlone.columnBounds)
    #expect(try program(text(of: columnAlone, .mps), .mps) == columnAlone)
    builder = LinearProgramBuilder()
    try builder.addColumn("x")
    try builder.addRow("c", lower: 1, upper: 0, entries: [(0, 1)])
    let crossed = builder.build()
    #expect(try program(text(of: crossed)) == crossed)
    #expect(throws: LinearProgramError.unwritableCrossedRow("c", format: "mps")) {
      try text(of: crossed, .mps)
    }
  }

  @Test(
    "a name that a format cannot hold is refused",
    arguments: [
      ("2x", LinearProgramFormat.lp), ("a b", .lp), ("inf", .lp), ("End", .lp), ("e5", .lp),
      ("", .lp), ("x+y", .lp), ("a b", .mps), ("", .mps), ("a\nb", .mps), ("123456789", .fixedMPS),
    ])
  func names(name: String, format: LinearProgramFormat) throws {
    var builder = LinearProgramBuilder()
    try builder.addColumn(name)
    let named = builder.build()
    #expect(throws: LinearProgramError.unwritableName(name, format: format.rawValue)) {
      try text(of: named, format)
    }
  }

  @Test("a row with thirds becomes integers, and its factor is told")
  func scaling() throws {
    let thirds = try program(
      "min\n obj: 0.1 x + 2/3 y + 1\nst\n a: 1/3 x + 1/2 y >= 1/6\n b: 0.25 x <= 3\nend\n")
    let (scaled, rows, objective) = thirds.scaledToDecimals()
    #expect(rows == [6, 1])
    #expect(objective == 30)
    #expect(
      scaled
        == (try program(
          "min\n obj: 3 x + 20 y + 30\nst\n a: 2 x + 3 y >= 1\n b: 0.25 x <= 3\nend\n")))
    #expect(try text(of: thirds).contains("2/3 y"))
    #expect(try !text(of: scaled).contains("/"))
  }
}
