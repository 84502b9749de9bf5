import ExactArithmetic

/// Numbers for the parameters of a formula, and the precision to evaluate it with.
///
/// A parameter may be an interval: the result then encloses the values at all of its points.
struct Evaluator {
  /// The longest number that a power may make, in bits.
  static let longestPower = 1_000_000

  let values: [String: Enclosure]
  /// Roots and logarithms are computed to within `2^-bits`.
  let bits: Int

  func value(of formula: Formula) throws(BoundError) -> Enclosure {
    do {
      let value = try unrounded(formula)
      // Exact numbers stay so; the others need not be longer than they are known.
      return value.isExact ? value : value.roundedOutward(bits: bits + 16)
    } catch let error as BoundError {
      throw error
    } catch {
      throw .cannotEvaluate(reason: "\(error)")
    }
  }

  private func unrounded(_ formula: Formula) throws -> Enclosure {
    switch formula {
    case .number(let value): return Enclosure(value)
    case .parameter(let name):
      guard let value = values[name] else { throw BoundError.missing(parameter: name) }
      return value
    case .defined(let definition): return try value(of: definition.formula)
    case .sum(let parts):
      var sum = Enclosure(0)
      for part in parts { sum = sum + (try value(of: part)) }
      return sum
    case .negative(let part): return -(try value(of: part))
    case .product(let parts):
      var product = Enclosure(1)
      for part in parts { product = product * (try value(of: part)) }
      return product
    case .quotient(let a, let b): return try value(of: a).divided(by: value(of: b))
    case .power(let base, let exponent):
      return try value(of: base).power(exponent, bits: bits)
    case .countedPower(let base, let exponent): return try countedPower(base, exponent)
    case .logarithm(let part): return try value(of: part).logarithm(bits: bits)
    case .binaryLogarithm(let part): return try binaryLogarithm(value(of: part))
    case .floor(let part):
      let value = try value(of: part)
      return Enclosure(lower: Rational(value.lower.floor), upper: Rational(value.upper.floor))
    case .ceiling(let part):
      let value = try value(of: part)
      return Enclosure(lower: Rational(value.lower.ceiling), upper: Rational(value.upper.ceiling))
    case .least(let parts): return try least(parts)
    case .firstAvailable(let parts): return try value(of: available(parts).first ?? parts[0])
    case .indicator(let comparison, let part):
      return try branch(comparison, part, otherwise: 0)
    case .choice(let comparison, let part, let other):
      return try branch(comparison, part, otherwise: other)
    case .leastInteger(let variable, let comparison):
      let search = IntegerSearch(variable: variable, values: values)
      return Enclosure(
        Rational(
          try search.least { evaluator throws(BoundError) in
            try evaluator.answer(to: comparison)
          }))
    }
  }

  private func countedPower(_ base: Formula, _ exponent: Formula) throws -> Enclosure {
    let (base, exponent) = (try value(of: base), try value(of: exponent))
    func power(_ x: Rational, _ n: Rational) throws(BoundError) -> Rational {
      let size = max(x.numerator.bitLength, x.denominator.bitLength)
      guard let n = n.numerator.word, n >= 0,
        !size.multipliedReportingOverflow(by: n).overflow, size * n <= Self.longestPower
      else { throw .cannotEvaluate(reason: "a power is longer than \(Self.longestPower) bits") }
      return x.power(n)
    }
    // Bases here are at least 1 and exponents natural, so the power grows in both.
    return Enclosure(
      lower: try power(base.lower, Rational(exponent.lower.floor)),
      upper: try power(base.upper, Rational(exponent.upper.ceiling)))
  }

  /// Powers of two have an exact logarithm.
  private func binaryLogarithm(_ x: Enclosure) throws -> Enclosure {
    if x.isExact, let exponent = x.lower.exponentOfTwo { return Enclosure(Rational(exponent)) }
    let two = try Enclosure(2).logarithm(bits: bits + 8)
    return try x.logarithm(bits: bits + 8).divided(by: two)
  }

  private func least(_ parts: [Formula]) throws -> Enclosure {
    let available = available(parts)
    var least = try value(of: available.first ?? parts[0])
    for part in available.dropFirst() {
      let next = try value(of: part)
      least = Enclosure(lower: min(least.lower, next.lower), upper: min(least.upper, next.upper))
    }
    return least
  }

  /// The parts all of whose parameters have a number.
  private func available(_ parts: [Formula]) -> [Formula] {
    parts.filter { $0.requiredNames.allSatisfy { values[$0] != nil } }
  }

  private func branch(
    _ comparison: Formula.Comparison, _ part: Formula, otherwise other: Formula
  ) throws -> Enclosure {
    switch try answer(to: comparison) {
    case .true: try value(of: part)
    case .false: try value(of: other)
    case .unknown: try value(of: part).union(value(of: other))
    }
  }

  /// Whether the comparison holds, as far as this precision tells.
  func answer(to comparison: Formula.Comparison) throws(BoundError) -> Ternary {
    let (left, right) = (try value(of: comparison.left), try value(of: comparison.right))
    return switch comparison.relation {
    case .less: left.isLess(than: right)
    case .atMost: left.isAtMost(right)
    case .equal: left.isEqual(to: right)
    }
  }
}

extension Rational {
  /// `k` where the number is `2^k`, else `nil`.
  fileprivate var exponentOfTwo: Int? {
    guard signum > 0 else { return nil }
    let (n, d) = (numerator, denominator)
    guard n.trailingZeroBitCount == n.bitLength - 1, d.trailingZeroBitCount == d.bitLength - 1
    else { return nil }
    return n.bitLength - d.bitLength
  }
}

extension Formula {
  /// The number, in the cell of width `2^-bits` of the dyadic grid that holds it; the number
  /// itself where it comes out exactly.
  ///
  /// Cells of a finer grid lie in those of a coarser one, so that results with more bits lie in
  /// those with fewer. A number that sits on the grid without coming out exactly (`√2 · √8`) gets
  /// the two cells around it, which are nested in the same way.
  func cell(_ values: [String: Rational], bits: Int) throws(BoundError) -> Enclosure {
    let values = values.mapValues { Enclosure($0) }
    var working = max(bits, 0) + 64
    while true {
      let known = try Evaluator(values: values, bits: working).value(of: self)
      if known.isExact { return known }
      let cell = known.roundedOutward(bits: bits)
      let size = Rational(1, timesTwoToThe: -bits)
      if cell.width <= size { return cell }
      // The finest evaluation that is worth it: by then the two cells are the answer.
      if known.width < Rational(1, timesTwoToThe: -bits - 256), cell.width <= 2 * size {
        return cell
      }
      guard working < Enclosure.maximumPrecision / 2 else {
        throw .cannotEvaluate(
          reason: "the value needs more than \(Enclosure.maximumPrecision / 2) bits of precision")
      }
      working *= 2
    }
  }
}
