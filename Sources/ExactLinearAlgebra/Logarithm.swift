import Foundation

/// The binary logarithm of a positive word, to double precision.
func logBaseTwo(_ value: Int64) -> Double { log2(Double(value)) }
