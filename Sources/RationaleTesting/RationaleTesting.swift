import ExactArithmetic
import Testing

/// A number for a failing test: the fraction, and the decimal that people compare.
func described(_ value: Rational) -> String {
  value.isInteger ? "\(value)" : "\(value) ≈ \(value.decimal(digits: 6))"
}

/// Records a claim that does not hold.
func reject(_ message: String, _ sourceLocation: SourceLocation) {
  Issue.record(Comment(rawValue: message), sourceLocation: sourceLocation)
}
