import ExactArithmetic
import LinearPrograms
import TestSupport
import Testing

@Suite("MPS files")
struct MPSReaderTests {
  private static let example = """
    * a comment
    NAME          TEST PROBLEM
    OBJSENSE
        MAX
    ROWS
     N  COST
     L  LIM1
     G  LIM2
     E  EQ1
     E  EQ2
     E  EQ3
     N  FREE
    COLUMNS
        X         COST               1.5   LIM1                 1
        X         LIM2                 1
        Y         EQ1                  1   EQ2                 -1
        Y         EQ3               1e-2
        Z         FREE               2/3
    RHS
        RHS       COST                -5   LIM1                 4
        RHS       LIM2                 1   EQ1                  7
        RHS       EQ2                  3
    RANGES
        RNG       LIM1                 2   LIM2               2.5
        RNG       EQ1                  2   EQ2                 -2
    BOUNDS
     UP BND       X                    4
     MI BND       Y
     FX BND       Z                  1/3
    ENDATA

    """

  @Test("every section, in both layouts", arguments: [LinearProgramFormat.mps, .fixedMPS])
  func example(format: LinearProgramFormat) throws {
    let read = try program(Self.example, format)
    #expect(read.name == "TEST PROBLEM")
    #expect(read.direction == .maximize)
    #expect(read.objectiveConstant == 5)
    #expect(read.columnNames == ["X", "Y", "Z"])
    #expect(read.objective == [Rational(3, 2), 0, 0])
    #expect(read.rowNames == ["LIM1", "LIM2", "EQ1", "EQ2", "EQ3", "FREE"])
    // L: b - |R| … b; G: b … b + |R|; E: by the sign of R.
    let sides: [(Rational?, Rational?)] = [
      (2, 4), (1, Rational(7, 2)), (7, 9), (1, 3), (0, 0), (nil, nil),
    ]
    #expect(read.rowBounds == sides.map { .init(lower: $0.0, upper: $0.1) })
    #expect(
      read.columnBounds
        == [.init(lower: 0, upper: 4), .free, .equal(to: Rational(1, 3))])
    #expect(read.entries(ofRow: 5).map { read.coefficients[$0] } == [Rational(2, 3)])
    #expect(try program(text(of: read, .mps), .mps) == read)
  }

  /// A program with the given sections behind its columns.
  private func small(_ rest: String) -> String {
    "NAME\nROWS\n N c\n G r\n N free\nCOLUMNS\n x c 1 r 1\n y r 1\n\(rest)ENDATA\n"
  }

  @Test(
    "bounds of every type",
    arguments: [
      (" UP b x 4\n", "0", "4"), (" UP b x -4\n", "-inf", "-4"), (" UP b x 0\n", "0", "0"),
      (" LO b x -2\n UP b x -1\n", "-2", "-1"), (" UP b x -1\n LO b x 0\n", "0", "-1"),
      (" LO b x 5\n", "5", "inf"), (" FX b x 5\n", "5", "5"), (" FR b x\n", "-inf", "inf"),
      (" FR b x 0\n", "-inf", "inf"), (" FR x\n", "-inf", "inf"), (" MI b x\n", "-inf", "inf"),
      (" MI b x\n UP b x 3\n", "-inf", "3"), (" PL b x\n", "0", "inf"), (" UP x 4\n", "0", "4"),
      (" UP b x inf\n", "0", "inf"), (" LO b x -inf\n", "-inf", "inf"),
      (" UP b x 1e30\n", "0", "1000000000000000000000000000000"),
    ])
  func bounds(lines: String, lower: String, upper: String) throws {
    let read = try program(small("RHS\nBOUNDS\n" + lines), .mps)
    #expect(
      read.columnBounds[0]
        == .init(lower: Rational(lower), upper: Rational(upper)))
    #expect(read.columnBounds[1] == .nonNegative)
  }

  @Test("the vector's name may be left out; the sense may stand on its section's line")
  func variants() throws {
    let read = try program(
      small("RHS\n r 4\nRANGES\n r 1\n").replacing("ROWS", with: "OBJSENSE MAX\nROWS"), .mps)
    #expect(read.direction == .maximize)
    #expect(read.rowBounds[0] == .init(lower: 4, upper: 5))
  }

  @Test("names with spaces are read where they stand at fixed places")
  func spaces() throws {
    let fixed = """
      NAME          SPACES
      ROWS
       N  MY COST
       G  ROW 1
      COLUMNS
          COL A     MY COST              1   ROW 1                2
      RHS
          RHS       ROW 1                3
      ENDATA
      """
    for format in [LinearProgramFormat.mps, .fixedMPS] {
      let read = try program(fixed, format)
      #expect(read.rowNames == ["ROW 1"] && read.columnNames == ["COL A"])
      #expect(read.coefficients == [2])
    }
  }

  @Test("the format is known by the extension, or else by the look")
  func format() throws {
    #expect(LinearProgramFormat(path: "a/b.c/x.LP") == .lp)
    #expect(LinearProgramFormat(path: "x.mps") == .mps)
    #expect(LinearProgramFormat(path: "a.mps/x") == nil)
    #expect(LinearProgramFormat(path: "mps") == nil)
    let mps = Array(Self.example.utf8)
    let lp = Array("\\ c\nmin x\nst\nend\n".utf8)
    #expect(try LinearProgramFile.read(bytes: mps, name: "<stdin>").columnCount == 3)
    #expect(try LinearProgramFile.read(bytes: lp, name: "<stdin>").columnCount == 1)
    let spaced = Array("\n\n  minimize\n x\nst\nend\n".utf8)
    #expect(try LinearProgramFile.read(bytes: spaced, name: "<stdin>").columnCount == 1)
  }

  @Test(
    "what is malformed is named with its line",
    arguments: [
      ("", "line 1", "'ENDATA'"),
      ("NAME\nROWS\n N c\nCOLUMNS\n x c 1\nRHS\n", "line 6", "'ENDATA'"),
      ("NAME\nROWS\n L r\nCOLUMNS\n x r 1\nENDATA\n", "line 4", "no objective"),
      ("ROWS\n N c\n N c\nCOLUMNS\nENDATA\n", "line 3", "'c'"),
      ("ROWS\n N c\n X r\nCOLUMNS\nENDATA\n", "line 3", "'X r'"),
      ("ROWS\n N c\nCOLUMNS\n x q 1\nENDATA\n", "line 4", "'q'"),
      ("ROWS\n N c\nCOLUMNS\n x c 1 c 2\nENDATA\n", "line 4", "'c' twice"),
      ("ROWS\n N c\n L r\nCOLUMNS\n x r 1\n y r 1\n x c 1\nENDATA\n", "line 7", "'x'"),
      ("ROWS\n N c\nCOLUMNS\n x c 1..2\nENDATA\n", "line 4", "1..2"),
      ("ROWS\n N c\nCOLUMNS\n x c 1e999999999\nENDATA\n", "line 4", "exponent"),
      ("ROWS\n N c\nCOLUMNS\n x c 1/0\nENDATA\n", "line 4", "zero denominator"),
      ("ROWS\n N c\nCOLUMNS\n x c nan\nENDATA\n", "line 4", "nan"),
      ("ROWS\n N c\nCOLUMNS\n x c\nENDATA\n", "line 4", "'"),
      ("ROWS\n N c\nCOLUMNS\n M 'MARKER' 'INTORG'\n x c 1\nENDATA\n", "line 4", "integer"),
      ("ROWS\n N c\nCOLUMNS\n x c 1\nRHS\n b q 1\nENDATA\n", "line 6", "'q'"),
      ("ROWS\n N c\n L r\nCOLUMNS\n x c 1\nRHS\n b r 1\n b r 2\nENDATA\n", "line 8", "'r'"),
      ("ROWS\n N c\n L r\nCOLUMNS\n x c 1\nRHS\n b r 1\n d c 2\nENDATA\n", "line 8", "'d'"),
      ("ROWS\n N c\n L r\nCOLUMNS\n x c 1\nRANGES\n b c 1\nENDATA\n", "line 7", "'c'"),
      ("ROWS\n N c\nCOLUMNS\n x c 1\nBOUNDS\n UP b q 1\nENDATA\n", "line 6", "'q'"),
      ("ROWS\n N c\nCOLUMNS\n x c 1\nBOUNDS\n UP b x 1\n UP b x 2\nENDATA\n", "line 7", "'x'"),
      ("ROWS\n N c\nCOLUMNS\n x c 1\nBOUNDS\n BV b x\nENDATA\n", "line 6", "integer"),
      ("ROWS\n N c\nCOLUMNS\n x c 1\nBOUNDS\n LI b x 3\nENDATA\n", "line 6", "integer"),
      ("ROWS\n N c\nCOLUMNS\n x c 1\nBOUNDS\n UP b x -inf\nENDATA\n", "line 6", "-inf"),
      ("ROWS\n N c\nCOLUMNS\n x c 1\nBOUNDS\n ZZ b x 1\nENDATA\n", "line 6", "'ZZ b x 1'"),
      ("ROWS\n N c\nCOLUMNS\n x c 1\nQUADOBJ\nENDATA\n", "line 5", "'QUADOBJ'"),
      ("ROWS\n N c\nCOLUMNS\n x c 1\nROWS\nENDATA\n", "line 5", "'ROWS'"),
      ("OBJSENSE\n UP\nROWS\n N c\nCOLUMNS\nENDATA\n", "line 2", "'UP'"),
      (" x c 1\nENDATA\n", "line 1", "'"),
      ("ROWS\n N c\nCOLUMNS\nENDATA\nmore\n", "line 5", "'more'"),
    ])
  func malformed(text: String, place: String, words: String) {
    let message = message(text, .mps)
    #expect(message.hasPrefix("a.txt: \(place): "), "\(message)")
    #expect(message.contains(words), "\(message)")
  }
}
