import Foundation

/// An axis with round ticks.
struct PlotAxis {
  /// In pixels, at the least and the largest value.
  let start: Double
  let end: Double
  let ticks: [(value: Double, label: String)]
  private let low: Double
  private let high: Double

  /// - Parameters:
  ///   - start: the pixel of the low end; the vertical axis runs upwards.
  ///   - end: the pixel of the high end.
  init(_ values: [Double], start: Double, end: Double) {
    self.start = start
    self.end = end
    let (least, largest) = (values.min() ?? 0, values.max() ?? 0)
    let span = largest - least
    // A front of one point, or of one coordinate, still gets a frame around it.
    let margin = span > 0 ? 0.08 * span : max(abs(largest) * 0.1, 1)
    let (low, high) = (least - margin, largest + margin)
    (self.low, self.high) = (low, high)
    let rough = (high - low) / 5
    let power = pow(10, floor(log10(rough)))
    let step = [1, 2, 5, 10].map { $0 * power }.first { $0 >= rough } ?? rough
    var ticks: [(value: Double, label: String)] = []
    // At most a dozen ticks, also where doubles cannot tell the values apart.
    for index in 0..<12 {
      let value = (ceil(low / step) + Double(index)) * step
      if !(value <= high) { break }
      ticks.append((value, Self.label(value, step: step)))
    }
    self.ticks = ticks
  }

  func pixel(_ value: Double) -> Double {
    start + (value - low) / (high - low) * (end - start)
  }

  static func shown(_ pixel: Double) -> String {
    String((pixel * 100).rounded() / 100)
  }

  /// As many digits as the step needs.
  private static func label(_ value: Double, step: Double) -> String {
    if abs(value) < step / 2 { return "0" }
    let exponent = Int(floor(log10(step)))
    guard (-6...6).contains(exponent) else { return String(value) }
    return String(format: "%.\(max(0, -exponent))f", value)
  }
}
