/// Something that solves `A x = r` in floating point, well enough to gain bits.
///
/// Nothing that it returns is trusted: the residual is computed exactly afterwards.
protocol FloatingSolver: AnyObject {
  /// Writes an approximate solution; `rightSide` and `solution` have one entry a row.
  func solve(
    _ rightSide: UnsafePointer<Double>, into solution: UnsafeMutablePointer<Double>)
}
