import ExactArithmetic
import Foundation

/// Powers of two that bring the numbers of a program near to 1, where doubles and their tolerances
/// work.
///
/// Coefficient `a_ij` becomes `a_ij 2^(rows[i] + columns[j])`, column `j` is measured in units of
/// `2^(columns[j] + unit)` and row `i` in units of `2^(unit - rows[i])`. Being powers of two they
/// change no basis.
struct PowerScaling: Sendable {
  private(set) var rows: [Int]
  private(set) var columns: [Int]
  private(set) var unit = 0

  init(_ form: SlackForm) {
    rows = Array(repeating: 0, count: form.rowCount)
    columns = Array(repeating: 0, count: form.columnCount)
    for _ in 0..<4 {
      balance(form.rows, &rows, against: columns)
      balance(form.columns, &columns, against: rows)
    }
    unit = typicalBound(form)
  }

  /// The middle between the largest and the smallest exponent of each line goes to 0.
  private func balance(_ lines: IntegerLines, _ own: inout [Int], against other: [Int]) {
    for line in 0..<lines.count where !lines.range(of: line).isEmpty {
      var least = Int.max
      var most = Int.min
      for entry in lines.range(of: line) {
        let exponent =
          lines.numerators[entry].bitLength - lines.denominators[line].bitLength
          + other[Int(lines.indices[entry])]
        least = min(least, exponent)
        most = max(most, exponent)
      }
      own[line] = -((least + most) >> 1)
    }
  }

  /// The median exponent of the bounds, if it is far from 0.
  private func typicalBound(_ form: SlackForm) -> Int {
    var exponents: [Int] = []
    for v in 0..<form.variableCount {
      for bound in [form.lower[v], form.upper[v]] {
        guard let bound, !bound.isZero else { continue }
        exponents.append(bound.binaryExponent - size(v, form))
      }
    }
    exponents.sort()
    guard !exponents.isEmpty else { return 0 }
    let middle = exponents[exponents.count / 2]
    return abs(middle) > 12 ? middle : 0
  }

  private func size(_ variable: Int, _ form: SlackForm) -> Int {
    if let row = form.row(of: variable) { -rows[row] } else { columns[variable] }
  }

  /// The exponent of the unit in which a variable is measured.
  func exponent(_ variable: Int, _ form: SlackForm) -> Int { unit + size(variable, form) }
}

extension Rational {
  /// About the logarithm of the magnitude to base 2.
  var binaryExponent: Int {
    if let (numerator, denominator) = words {
      return Integer(numerator).bitLength - Integer(denominator).bitLength
    }
    return numerator.bitLength - denominator.bitLength
  }

  /// About `self · 2^exponent`, kept within what doubles hold.
  func double(timesTwoToThe exponent: Int) -> Double {
    if isZero { return 0 }
    if let (numerator, denominator) = words {
      return bounded(Double(numerator) / Double(denominator), exponent)
    }
    let own = binaryExponent
    let near =
      own >= 0
      ? Double(Rational(numerator, denominator << own))
      : Double(Rational(numerator << -own, denominator))
    return bounded(near, exponent + own)
  }

  private func bounded(_ mantissa: Double, _ exponent: Int) -> Double {
    let value = scalbn(mantissa, min(max(exponent, -1000), 1000))
    return value.isFinite ? value : (value < 0 ? -0x1p1000 : 0x1p1000)
  }
}
