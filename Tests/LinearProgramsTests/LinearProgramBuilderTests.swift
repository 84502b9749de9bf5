import ExactArithmetic
import LinearPrograms
import TestSupport
import Testing

@Suite("Building linear programs")
struct LinearProgramBuilderTests {
  @Test("names are distinct, and no row has a column twice, not even with zeros")
  func rules() throws {
    var builder = LinearProgramBuilder()
    try builder.addColumn("x")
    #expect(throws: LinearProgramError.columnTwice(name: "x")) { try builder.addColumn("x") }
    try builder.addColumn("y")
    try builder.addRow(lower: 0, upper: nil, entries: [(0, 1)])
    #expect(throws: LinearProgramError.rowTwice(name: "r1")) {
      try builder.addRow("r1", lower: 0, upper: nil, entries: [])
    }
    #expect(throws: LinearProgramError.entryTwice(row: "c", column: "y")) {
      try builder.addRow("c", lower: 0, upper: nil, entries: [(0, 1), (1, 0), (1, 2)])
    }
    // A refused row leaves nothing behind.
    try builder.addRow("c", lower: nil, upper: 3, entries: [(1, 5), (0, 0)])
    let program = builder.build()
    #expect(program.rowNames == ["r1", "c"])
    #expect(program.rowOffsets == [0, 1, 2])
    #expect(program.columnIndices == [0, 1])
    #expect(program.coefficients == [1, 5])
    #expect(program.row(named: "c") == 1 && program.row(named: "d") == nil)
  }

  @Test("the matrix by columns has the same entries", .tags(.differential))
  func columns() throws {
    var random = SplitMix64(seed: 3)
    for _ in 0..<100 {
      let program = LinearProgram.random(using: &random)
      let byColumns = program.columnMajorEntries
      var seen = 0
      for column in 0..<program.columnCount {
        for entry in byColumns.entries(ofColumn: column) {
          seen += 1
          let row = Int(byColumns.rowIndices[entry])
          let same = program.entries(ofRow: row).first {
            Int(program.columnIndices[$0]) == column
          }
          #expect(same.map { program.coefficients[$0] } == byColumns.coefficients[entry])
        }
      }
      #expect(seen == program.entryCount)
    }
  }

  @Test("bounds: crossed, equal, and what lies between")
  func bounds() {
    let unit = LinearProgram.Bounds(lower: 0, upper: 1)
    #expect(unit.contains(0) && unit.contains(1) && !unit.contains(2) && !unit.contains(-1))
    #expect(LinearProgram.Bounds(lower: 2, upper: 1).areCrossed && !unit.areCrossed)
    #expect(LinearProgram.Bounds.equal(to: 3).areEqual && !LinearProgram.Bounds.free.areEqual)
  }
}
