import ExactArithmetic
import LinearPrograms
import TestSupport
import Testing

@Suite("LP files")
struct LPReaderTests {
  @Test("the example of the certificates' note")
  func example() throws {
    let read = try program(
      """
      \\ two products
      Maximize
       profit: 3 x + 2 y
      Subject To
       c1: x + y <= 4
       c2: x + 3y <= 6
      Bounds
       x <= 3
      End

      """)
    #expect(read.direction == .maximize)
    #expect(read.columnNames == ["x", "y"])
    #expect(read.objective == [3, 2])
    #expect(read.columnBounds == [.init(lower: 0, upper: 3), .nonNegative])
    #expect(read.rowNames == ["c1", "c2"])
    #expect(read.rowBounds == [.init(lower: nil, upper: 4), .init(lower: nil, upper: 6)])
    #expect(read.rowOffsets == [0, 2, 4])
    #expect(read.columnIndices == [0, 1, 0, 1])
    #expect(read.coefficients == [1, 1, 1, 3])
    #expect(read.column(named: "y") == 1 && read.row(named: "c2") == 1)
    #expect(read.activity(ofRow: 1, at: [3, 1]) == 6)
    #expect(read.objectiveValue(at: [3, 1]) == 11)
  }

  @Test(
    "numbers are exact, however they are written",
    arguments: [
      ("0.1", "1/10"), (".5", "1/2"), ("5.", "5"), ("007", "7"), ("1e-3", "1/1000"),
      ("1.E2", "100"),
      ("2.50e+2", "250"), ("1/3", "1/3"), ("06/08", "3/4"), ("00.10", "1/10"), ("1.05", "21/20"),
      (
        "0.30000000000000000000000000000000000000001",
        "30000000000000000000000000000000000000001/100000000000000000000000000000000000000000"
      ),
    ])
  func numbers(written: String, value: String) throws {
    let read = try program("min\n \(written) x + \(written)\nst\n x >= -\(written)\nend")
    let value = try #require(Rational(value))
    #expect(read.objective == [value])
    #expect(read.objectiveConstant == value)
    #expect(read.rowBounds == [.init(lower: -value, upper: nil)])
  }

  @Test("all relations, on both sides; rows without names are called by their place")
  func relations() throws {
    let read = try program(
      """
      minimise x + y
      such that
       x < 1
       b: x =< 2
       x <= 3
       x > 1
       x => 2
       x >= 3
       x = 4
       1 <= x + y <= 5
       9 >= x >= -1
       -inf <= x <= +infinity
       3 <= x
       x >= -inf
       0 x >= 3
      end
      """)
    #expect(read.rowNames.prefix(3) == ["r1", "b", "r3"])
    let expected: [(Rational?, Rational?)] = [
      (nil, 1), (nil, 2), (nil, 3), (1, nil), (2, nil), (3, nil), (4, 4), (1, 5), (-1, 9),
      (nil, nil), (3, nil), (nil, nil), (3, nil),
    ]
    #expect(read.rowBounds == expected.map { .init(lower: $0.0, upper: $0.1) })
    #expect(read.entries(ofRow: 12).isEmpty)
  }

  @Test("bounds: every form, the later of two counts, zero stays under a negative upper bound")
  func bounds() throws {
    let read = try program(
      """
      min a + b + c + d + e_ + f + g + h + i
      st
      r: a >= 0
      bounds
      a free
      -5 <= b <= 5
      c <= -4
      d = 1/2
      -Inf <= e_
      f >= 3
      f >= 2
      8 >= g >= 1
      -infinity <= h <= -1
      i <= 2
      i <= +inf
      End
      """)
    let expected: [(Rational?, Rational?)] = [
      (nil, nil), (-5, 5), (0, -4), (Rational(1, 2), Rational(1, 2)), (nil, nil), (2, nil), (1, 8),
      (nil, -1), (0, nil),
    ]
    #expect(read.columnBounds == expected.map { .init(lower: $0.0, upper: $0.1) })
  }

  @Test("a line breaks where it likes, names may look like section names before a colon")
  func layout() throws {
    let read = try program(
      "\u{FEFF}MAXIMUM\n\\c\n st: 2\n x\n - y + \n 3 x[1,2] \\ more\n\n s.t.\r\n end: x - y\n <=\n 3\n x#1 >= 1\nend"
    )
    #expect(read.columnNames == ["x", "y", "x[1,2]", "x#1"])
    #expect(read.objective == [2, -1, 3, 0])
    #expect(read.rowNames == ["end", "r2"])
  }

  @Test("programs without rows, without columns, without an objective")
  func empty() throws {
    let none = try program("min\nst\nend\n")
    #expect(none.rowCount == 0 && none.columnCount == 0)
    #expect(try program("min x\nbounds\nx <= 1\nend").rowCount == 0)
    #expect(try program("min x\nend").columnCount == 1)
    let rows = try program("max obj:\nsubject to\n c1: 0 >= 3\n c2: -1 <= 0 <= 5\n 5 <= 0\nend")
    #expect(rows.columnCount == 0)
    #expect(
      rows.rowBounds
        == [.init(lower: 3, upper: nil), .init(lower: -1, upper: 5), .init(lower: nil, upper: -5)])
  }

  @Test(
    "what is malformed is named with its line",
    arguments: [
      ("", "line 1", "'Minimize' or 'Maximize'"),
      ("x + y <= 3\n", "line 1", "'x'"),
      ("min\n x\nst\n c: x >= 1\n", "line 5", "'End'"),
      ("min\n x\nst\n c: x + y\nend\n", "line 5", "a relation"),
      ("min\n x\nst\n c: x + y 5\nend\n", "line 4", "'5'"),
      ("min\n x\nst\n c: x ? y >= 5\nend\n", "line 4", "'?'"),
      ("min\n x\nst\n c: x * y >= 5\nend\n", "line 4", "'*'"),
      ("min\n x\nst\n c: x + + y >= 5\nend\n", "line 4", "'+'"),
      ("min\n x\nst\n c: x >= y\nend\n", "line 4", "'y'"),
      ("min\n x\nst\n c: x + 3 >= 5\nend\n", "line 4", "a number stands beside"),
      ("min\n x\nst\n c: x >= 1\n c: x >= 2\nend\n", "line 5", "'c'"),
      ("min\n x + x\nst\n c: x >= 1\nend\n", "line 2", "'x' twice"),
      ("min\n x\nst\n c: x + y + x >= 1\nend\n", "line 4", "'x' twice"),
      ("min\n x\nst\n c: x >= 1 y >= 2\nend\n", "line 4", "'y'"),
      ("min\n x\nst\n c: x >= 1/0\nend\n", "line 4", "zero denominator"),
      ("min\n x\nst\n c: x >= 1.2.3\nend\n", "line 4", "1.2.3"),
      ("min\n x\nst\n c: 1/2/3 x >= 1\nend\n", "line 4", "1/2/3"),
      ("min\n x\nst\n c: 1/2e3 >= 1\nend\n", "line 4", "1/2e3"),
      ("min\n x\nst\n c: 2/x >= 1\nend\n", "line 4", "2/x"),
      ("min\n x\nst\n c: x >= 0x10\nend\n", "line 4", "'x10'"),
      ("min\n x\nst\n c: x >= 3e\nend\n", "line 4", "3e"),
      ("min\n x\nst\n c: x >= .\nend\n", "line 4", "'.'"),
      ("min\n x\nst\n c: x >= 1e999999999\nend\n", "line 4", "exponent"),
      ("min\n x\nst\n c: x >= +inf\nend\n", "line 4", "+inf"),
      ("min\n x\nst\n c: x = inf\nend\n", "line 4", "inf"),
      ("min\n x\nst\n c: 1 <= x >= 3\nend\n", "line 4", "relation"),
      ("min\n x\nst\n c: x >= 1\nbounds\n z <= 3\nend\n", "line 6", "'z'"),
      ("min\n x\nst\n c: x >= 1\nbounds\n x\nend\n", "line 7", "'end'"),
      ("min\n x\nst\n c: x >= 1\nbounds\n x >= inf\nend\n", "line 6", "inf"),
      ("min\n x\nst\n c: x >= 1\nbounds\n -inf >= x\nend\n", "line 6", "inf"),
      ("min\n x\nst\n c: x >= 1\nbounds\n 2 x <= 3\nend\n", "line 6", "relation"),
      ("min\n x\nst\n c: x >= 1\ngenerals\n x\nend\n", "line 5", "integer section 'generals'"),
      ("min\n x\nst\n c: x >= 1\nBinary\n x\nend\n", "line 5", "integer section 'Binary'"),
      ("min\n x\nst\n c: x >= 1\nbounds\nx<=1\nInt\n x\nend\n", "line 7", "integer section 'Int'"),
      ("min\n x\nst\n c: x >= 1\nend\nhello", "line 6", "'hello'"),
      ("min\n x\n", "line 3", "'Subject To'"),
      ("min\n x\nst\n c: x >= 1\u{0}\nend\n", "line 4", "U+0000"),
    ])
  func malformed(text: String, place: String, words: String) {
    let message = message(text)
    #expect(message.hasPrefix("a.txt: \(place): "), "\(message)")
    #expect(message.contains(words), "\(message)")
  }

  @Test("bytes that are no UTF-8 are no name")
  func encoding() {
    let bytes = Array("min x~ + y\nst\nend\n".utf8).map { $0 == UInt8(ascii: "~") ? 0xFF : $0 }
    #expect(throws: (any Error).self) { try LinearProgramFile.read(bytes: bytes, name: "a.lp") }
  }

  @Test("numbers beyond the limits are refused before they are computed")
  func limits() {
    var limits = NumberLimits.standard
    limits.maximumDigits = 5
    let bytes = Array("min\n 123456 x\nst\nend\n".utf8)
    #expect {
      try LinearProgramFile.read(bytes: bytes, name: "a.lp", limits: limits)
    } throws: { "\($0)".contains("a.lp: line 2: ") && "\($0)".contains("digits") }
  }
}
