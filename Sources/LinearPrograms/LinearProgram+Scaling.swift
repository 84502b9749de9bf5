import ExactArithmetic

extension LinearProgram {
  /// The program with every row, and the objective, multiplied by the least positive integer that
  /// makes its numbers integers, where some number in it is no finite decimal; and the factors.
  ///
  /// For programs that read decimals alone. Columns keep their meaning, so the optimal points are
  /// the same; the optimum is multiplied by `objectiveFactor`, and the multiplier of row `i` by
  /// `objectiveFactor / rowFactors[i]`. Bounds of columns stay what they are.
  ///
  /// - Complexity: O(rows + columns + entries) and as many gcds.
  public func scaledToDecimals() -> (
    program: LinearProgram, rowFactors: [Integer], objectiveFactor: Integer
  ) {
    let objectiveFactor = integralFactor(objective + [objectiveConstant])
    var builder = LinearProgramBuilder(name: name, direction: direction)
    builder.setObjectiveConstant(objectiveConstant * Rational(objectiveFactor))
    var factors: [Integer] = []
    do throws(LinearProgramError) {
      for column in 0..<columnCount {
        try builder.addColumn(
          columnNames[column], lower: columnBounds[column].lower,
          upper: columnBounds[column].upper,
          objective: objective[column] * Rational(objectiveFactor))
      }
      for row in 0..<rowCount {
        let bounds = rowBounds[row]
        let range = entries(ofRow: row)
        let factor = integralFactor(
          coefficients[range] + [bounds.lower, bounds.upper].compactMap { $0 })
        factors.append(factor)
        let scale = Rational(factor)
        try builder.addRow(
          rowNames[row], lower: bounds.lower.map { $0 * scale },
          upper: bounds.upper.map { $0 * scale },
          entries: range.lazy.map { (Int(columnIndices[$0]), coefficients[$0] * scale) })
      }
    } catch {
      preconditionFailure("a program keeps the rules: \(error)")
    }
    return (builder.build(), factors, objectiveFactor)
  }
}

/// 1 when all numbers are finite decimals, else the least common multiple of the denominators.
private func integralFactor(_ numbers: some Sequence<Rational>) -> Integer {
  var multiple = Integer.one
  var areDecimals = true
  for number in numbers where !number.isInteger {
    multiple = Integer.lcm(multiple, number.denominator)
    areDecimals = areDecimals && isFiniteDecimal(number)
  }
  return areDecimals ? .one : multiple
}
