import Certificates
import ExactArithmetic

/// A heat map of the distances between rewards, the rewards in an order that puts near ones side
/// by side, with the exact numbers in tooltips.
///
/// Colours come from doubles: a picture proves nothing.
public struct DistancePlot {
  private let names: [String]
  private let order: [Int]
  private let distances: [[Double]]
  private let largest: Double
  /// By row and column, the row before the column.
  private let numbers: [[ComparisonAnswer.Number?]]
  private static let (cell, margin) = (44, 130)

  public init(_ answer: ComparisonAnswer) {
    self.init(answer.rewards.map(\.name), answer.pairs.map { ($0.first, $0.second, $0.distance) })
  }

  public init(_ matrix: DistanceMatrix) {
    self.init(
      matrix.rewards.rewards.map(\.name),
      matrix.pairs.map { ($0.first, $0.second, $0.distance) })
  }

  private init(
    _ names: [String], _ pairs: [(first: Int, second: Int, distance: ComparisonAnswer.Number)]
  ) {
    self.names = names
    var distances = [[Double]](
      repeating: Array(repeating: 0, count: names.count), count: names.count)
    var numbers = [[ComparisonAnswer.Number?]](
      repeating: Array(repeating: nil, count: names.count), count: names.count)
    for (first, second, number) in pairs {
      let value: Double =
        switch number {
        case .exact(let value): Double(value)
        case .enclosed(let lower, _, _): Double(lower)
        }
      distances[first][second] = value
      distances[second][first] = value
      numbers[min(first, second)][max(first, second)] = number
    }
    self.distances = distances
    self.numbers = numbers
    largest = distances.lazy.joined().max() ?? 0
    order = Self.chain(distances)
  }

  /// From one end of the longest distance always on to the nearest reward that is left.
  private static func chain(_ distances: [[Double]]) -> [Int] {
    let farthest = distances.indices.max { (distances[$0].max() ?? 0) < (distances[$1].max() ?? 0) }
    guard let start = farthest else { return [] }
    var order = [start]
    var rest = Set(distances.indices).subtracting(order)
    while let last = order.last,
      let next = rest.min(by: { (distances[last][$0], $0) < (distances[last][$1], $1) })
    {
      order.append(next)
      rest.remove(next)
    }
    return order
  }

  /// Writes the picture as SVG.
  ///
  /// - Throws: what `sink` throws.
  public func writeSVG(to sink: @escaping ByteSink) throws {
    var text = TextWriter(sink: sink)
    let size = Self.margin + Self.cell * order.count + 16
    try text.line(
      "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 \(size) \(size)\""
        + " width=\"\(size)\" height=\"\(size)\" font-family=\"sans-serif\" font-size=\"12\">")
    try text.line("<rect width=\"\(size)\" height=\"\(size)\" fill=\"#fff\"/>")
    for (row, reward) in order.enumerated() {
      let middle = Self.margin + Self.cell * row + Self.cell / 2
      let name = names[reward].svgEscaped
      try text.line(
        "<text x=\"\(Self.margin - 8)\" y=\"\(middle)\" dy=\"4\" text-anchor=\"end\">\(name)</text>"
      )
      try text.line(
        "<text transform=\"translate(\(middle) \(Self.margin - 8)) rotate(-60)\">\(name)</text>")
      for (column, other) in order.enumerated() {
        try text.line(square(row, column, reward, other))
      }
    }
    try text.line("</svg>")
    try text.flush()
  }

  private func square(_ row: Int, _ column: Int, _ reward: Int, _ other: Int) -> String {
    let distance = distances[reward][other]
    let share = largest > 0 ? min(1, distance / largest) : 0
    let level = Int((255 - 200 * share).rounded())
    let (x, y) = (Self.margin + Self.cell * column, Self.margin + Self.cell * row)
    return
      "<g><title>\(title(reward, other).svgEscaped)</title>"
      + "<rect x=\"\(x)\" y=\"\(y)\" width=\"\(Self.cell)\" height=\"\(Self.cell)\""
      + " fill=\"rgb(\(level),\(level),255)\" stroke=\"#fff\"/>"
      + "<text x=\"\(x + Self.cell / 2)\" y=\"\(y + Self.cell / 2)\" dy=\"4\""
      + " text-anchor=\"middle\" fill=\"\(share > 0.6 ? "#fff" : "#000")\" font-size=\"10\">"
      + "\(label(distance))</text></g>"
  }

  private func label(_ distance: Double) -> String {
    distance == 0 ? "0" : String((distance * 1000).rounded() / 1000)
  }

  private func title(_ reward: Int, _ other: Int) -> String {
    let pair = "\(names[reward]), \(names[other])"
    guard let number = numbers[min(reward, other)][max(reward, other)] else { return pair }
    switch number {
    case .exact(let value): return "\(pair): \(PlotText.shown(value))"
    case .enclosed(let lower, let upper, _):
      return "\(pair): ≈ \(Enclosure(lower: lower, upper: upper).decimal(digits: 9))"
    }
  }
}
