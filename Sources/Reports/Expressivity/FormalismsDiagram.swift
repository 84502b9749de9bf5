import Certificates
import Expressivity

/// The Hasse diagram of the formalisms, equivalent ones in one box: above is more expressive.
public struct FormalismsDiagram {
  private let classes: [[Formalism]]
  private let coverings: [(upper: Int, lower: Int)]

  public init(_ preorder: FormalismPreorder) {
    classes = preorder.classes
    coverings = preorder.coverings
  }

  private func title(_ place: Int) -> String {
    classes[place].map(\.rawValue).joined(separator: " = ")
  }

  /// Writes the diagram in Graphviz' language.
  public func writeDOT(to sink: @escaping ByteSink) throws {
    var text = TextWriter(sink: sink)
    try text.line("digraph formalisms {")
    try text.line("  rankdir=BT; node [shape=box, style=rounded, fontname=\"sans-serif\"];")
    for place in classes.indices {
      try text.line("  c\(place) [label=\"\(title(place))\"];")
    }
    for (upper, lower) in coverings { try text.line("  c\(lower) -> c\(upper);") }
    try text.line("}")
    try text.flush()
  }

  /// Writes the diagram as SVG.
  public func writeSVG(to sink: @escaping ByteSink) throws {
    var text = TextWriter(sink: sink)
    let heights = heights
    let layers = (0...(heights.max() ?? 0)).map { layer in
      classes.indices.filter { heights[$0] == layer }
    }
    let (width, layerHeight) = (720, 90)
    let height = layers.count * layerHeight + 20
    var places = [(x: Int, y: Int)](repeating: (0, 0), count: classes.count)
    for (layer, members) in layers.enumerated() {
      for (index, member) in members.enumerated() {
        places[member] = (
          width * (2 * index + 1) / (2 * members.count), height - 55 - layer * layerHeight
        )
      }
    }
    try text.line(
      "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 \(width) \(height)\""
        + " width=\"\(width)\" height=\"\(height)\" font-family=\"sans-serif\" font-size=\"13\">")
    try text.line("<rect width=\"\(width)\" height=\"\(height)\" fill=\"#fff\"/>")
    for (upper, lower) in coverings {
      try text.line(
        "<path d=\"M\(places[lower].x) \(places[lower].y - 15)L\(places[upper].x)"
          + " \(places[upper].y + 15)\" stroke=\"#888\"/>")
    }
    for (place, members) in classes.enumerated() {
      let (x, y) = places[place]
      let boxWidth = 9 * title(place).count + 24
      let tooltip = members.map { "\($0.rawValue): \($0.value)" }.joined(separator: "\n")
      try text.line(
        "<rect x=\"\(x - boxWidth / 2)\" y=\"\(y - 15)\" width=\"\(boxWidth)\" height=\"30\""
          + " rx=\"6\" fill=\"#eef3fb\" stroke=\"#08519c\"><title>\(tooltip)</title></rect>")
      try text.line(
        "<text x=\"\(x)\" y=\"\(y + 5)\" text-anchor=\"middle\">\(title(place))</text>")
    }
    try text.line("</svg>")
    try text.flush()
  }

  /// The longest way down from each class.
  private var heights: [Int] {
    var heights = [Int](repeating: 0, count: classes.count)
    // As many rounds as there are classes reach every fixed point.
    for _ in classes {
      for (upper, lower) in coverings { heights[upper] = max(heights[upper], heights[lower] + 1) }
    }
    return heights
  }
}
