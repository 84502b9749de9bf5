import ExactArithmetic
import LinearPrograms
import TestSupport
import Testing

@Suite("First page of the linear programs' catalogue")
struct CatalogueTests {
  @Test("the example says what it claims", .tags(.worked))
  func example() throws {
    var builder = LinearProgramBuilder(name: "joiner", direction: .maximize)
    let chairs = try builder.addColumn("chairs", upper: 3, objective: 3)
    let tables = try builder.addColumn("tables", objective: 2)
    try builder.addRow("saw", lower: nil, upper: 4, entries: [(chairs, 1), (tables, 1)])
    try builder.addRow("plane", lower: nil, upper: 6, entries: [(chairs, 1), (tables, 3)])
    let joiner = builder.build()
    let text = """
      Maximize
       profit: 3 chairs + 2 tables
      Subject To
       saw: chairs + tables <= 4
       plane: 1.0 chairs + 6/2 tables <= 6
      Bounds
       chairs <= 3
      End
      """
    let read = try LinearProgramFile.read(bytes: Array(text.utf8), name: "joiner.lp")
    #expect(read.hasSameContent(as: joiner))
    #expect(read.objectiveValue(at: [3, 1]) == 11)
    #expect(read.activity(ofRow: 1, at: [3, 1]) == 6)
  }
}
