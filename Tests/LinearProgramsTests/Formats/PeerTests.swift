import ExactArithmetic
import Foundation
import LinearPrograms
import TestSupport
import Testing

/// GLPK's stand-alone solver, which reads both formats with code of its own.
enum Glpsol {
  static let path = ["/usr/bin/glpsol", "/usr/local/bin/glpsol"]
    .first { FileManager.default.isExecutableFile(atPath: $0) }

  /// The status and the optimum that `glpsol` finds, from its raw solution file.
  static func solve(_ text: String, option: String) throws -> (status: String, value: Double) {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let input = folder.appending(path: "in")
    let output = folder.appending(path: "out")
    try Data(text.utf8).write(to: input)
    let process = Process()
    process.executableURL = URL(filePath: try #require(path))
    // Without the presolver the status tells infeasible from unbounded.
    process.arguments = [option, input.path(), "--nopresol", "-w", output.path()]
    process.standardOutput = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    // `s bas ROWS COLUMNS PRIMAL DUAL VALUE`
    let line = try String(contentsOf: output, encoding: .utf8).split(separator: "\n")
      .first { $0.hasPrefix("s bas ") }
    let words = try #require(line).split(separator: " ")
    return ("\(words[4])\(words[5])", try #require(Double(words[6])))
  }
}

@Suite(
  "Linear programs read by glpsol", .tags(.differential),
  .enabled(if: Glpsol.path != nil, "no glpsol"))
struct PeerTests {
  @Test(
    "it accepts both formats, and finds the same optimum in each", arguments: 0..<2 as Range<UInt64>
  )
  func optimum(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    var optima = 0
    for _ in 0..<50 {
      let program = LinearProgram.random(using: &random, isPlain: true)
      let free = try Glpsol.solve(text(of: program, .mps), option: "--freemps")
      let fixed = try Glpsol.solve(text(of: program, .fixedMPS), option: "--mps")
      #expect(free == fixed)
      // GLPK's LP reader has no rows with two different sides.
      guard program.rowBounds.allSatisfy({ $0.lower == nil || $0.upper == nil || $0.areEqual })
      else { continue }
      let lp = try Glpsol.solve(text(of: program), option: "--lp")
      #expect(lp.status == free.status)
      if lp.status == "ff" {
        optima += 1
        #expect(abs(lp.value - free.value) <= 1e-6 * max(1, abs(free.value)))
      }
    }
    #expect(optima > 1, "too few programs with an optimum to compare")
  }

  @Test("it solves the example of the certificates' note as we read it", .tags(.worked))
  func example() throws {
    let source = "max\n 3 x + 2 y\nst\n c1: x + y <= 4\n c2: x + 3 y <= 6\nbounds\n x <= 3\nend\n"
    let result = try Glpsol.solve(text(of: program(source)), option: "--lp")
    #expect(result == ("ff", 11))
  }
}
