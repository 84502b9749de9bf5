import ExactArithmetic
import Foundation

/// Short numbers of model files, read exactly, against the C library reading a double.
func parsingBenchmarks() -> [Benchmark] {
  let texts = ["7/30", "-37/5", "0.1", "1", "0.33333333333333337", "1e-3", "59/60", "-12"]
  let bytes = texts.map { Array($0.utf8) }
  let terminated = texts.map { Array($0.utf8CString) }
  return [
    Benchmark(
      "Parsing/short numbers", operations: texts.count, against: "strtod",
      ours: {
        var sum = 0
        for text in bytes {
          let value = text.withUnsafeBytes { try? Rational(parsing: $0, limits: .standard) }
          sum &+= value?.words?.numerator ?? 0
        }
        return sum
      },
      reference: {
        var sum = 0.0
        for text in terminated { sum += strtod(text, nil) }
        return Int(sum)
      })
  ]
}
