// What is here: the test that a front is complete. Every listed vertex z is the best attainable
// point for the weights in its cell, the convex hull of the normals of the facets at z. When the
// cells cover the simplex of all weights, no vertex is missing. They do when each is of full
// dimension and each side of a cell is on the boundary of the simplex or the side of a second cell.
// Proof: `proofs-notes/pareto-front-certificate.md`.

import ExactArithmetic

/// The cells of weights of the vertices of a front.
struct NormalCells {
  /// The normals as primitive directions: integers.
  private let normals: [[Integer]]
  /// For each vertex the facets through it, ascending.
  private let facets: [[Int]]

  /// - Parameter incidence: for each normal the vertices on its facet.
  init(normals: [[Rational]], incidence: [[Int]], count: Int) {
    self.normals = normals.map { normal in
      let scale = normal.reduce(Integer(1)) { Integer.lcm($0, $1.denominator) }
      return normal.map { $0.numerator * scale.exactlyDivided(by: $0.denominator) }
    }
    var facets = [[Int]](repeating: [], count: count)
    for (facet, members) in incidence.enumerated() {
      for vertex in members { facets[vertex].append(facet) }
    }
    self.facets = facets
  }

  /// Rejects cells that leave a part of the simplex out.
  func requireCover(_ progress: ProgressHandler) throws(CheckFailure) {
    var owners: [[Int]: [Int]] = [:]
    for vertex in facets.indices {
      guard let sides = try sides(of: vertex, progress) else {
        throw .rejected(
          "vertices[\(vertex)]: the facets through the point do not single it out")
      }
      for side in sides { owners[side, default: []].append(vertex) }
    }
    for (side, cells) in owners where cells.count < 2 && !isOnBoundary(side) {
      throw .rejected(
        "the front is not complete: beyond the face of vertices[\(cells[0])] on the facets "
          + side.map(String.init).joined(separator: ", ") + " there is no other vertex")
    }
  }

  private func isOnBoundary(_ side: [Int]) -> Bool {
    normals[side[0]].indices.contains { axis in side.allSatisfy { normals[$0][axis].isZero } }
  }

  /// The sides of a cell, each by the facets whose normals are on it; `nil` for a flat cell.
  private func sides(
    of vertex: Int, _ progress: ProgressHandler
  ) throws(CheckFailure) -> Set<[Int]>? {
    let members = facets[vertex]
    let size = normals.first.map { $0.count - 1 } ?? 0
    guard members.count > size else { return nil }
    var sides: Set<[Int]> = []
    var chosen = Array(0..<size)
    repeat {
      try check(progress)
      let plane = Self.crossProduct(chosen.map { normals[members[$0]] })
      if plane.allSatisfy(\.isZero) { continue }
      let signs = members.map { Self.sign(plane, normals[$0]) }
      let (hasPositive, hasNegative) = (signs.contains { $0 > 0 }, signs.contains { $0 < 0 })
      if !hasPositive && !hasNegative { return nil }
      if hasPositive && hasNegative { continue }
      sides.insert(zip(members, signs).filter { $0.1 == 0 }.map(\.0))
    } while Self.advance(&chosen, below: members.count)
    return sides.isEmpty ? nil : sides
  }

  /// The next ascending list of so many numbers; false after the last.
  private static func advance(_ chosen: inout [Int], below limit: Int) -> Bool {
    let size = chosen.count
    guard let place = chosen.indices.last(where: { chosen[$0] < limit - size + $0 }) else {
      return false
    }
    let start = chosen[place] + 1
    for offset in 0..<size - place { chosen[place + offset] = start + offset }
    return true
  }

  private static func sign(_ a: [Integer], _ b: [Integer]) -> Int {
    zip(a, b).reduce(Integer(0)) { $0 + $1.0 * $1.1 }.signum
  }

  /// A vector orthogonal to `d − 1` vectors of length `d`, zero iff they are dependent.
  private static func crossProduct(_ rows: [[Integer]]) -> [Integer] {
    (0...rows.count).map { axis in
      let minor = rows.map { row in row.indices.filter { $0 != axis }.map { row[$0] } }
      let value = determinant(minor)
      return axis.isMultiple(of: 2) ? value : -value
    }
  }

  /// By expansion along the first row: there are three rows at most.
  private static func determinant(_ rows: [[Integer]]) -> Integer {
    guard let first = rows.first else { return 1 }
    var sum = Integer(0)
    for (column, entry) in first.enumerated() where !entry.isZero {
      let minor = rows.dropFirst().map { row in
        row.indices.filter { $0 != column }.map { row[$0] }
      }
      let term = entry * determinant(minor)
      sum += column.isMultiple(of: 2) ? term : -term
    }
    return sum
  }
}

/// The span of vectors, by a basis in echelon form.
struct LinearSpan {
  private var rows: [(pivot: Int, vector: [Rational])] = []

  var dimension: Int { rows.count }

  mutating func insert(_ vector: [Rational]) {
    var rest = vector
    for (pivot, row) in rows where !rest[pivot].isZero {
      let factor = rest[pivot] / row[pivot]
      rest = zip(rest, row).map { $0 - factor * $1 }
    }
    if let pivot = rest.firstIndex(where: { !$0.isZero }) { rows.append((pivot, rest)) }
  }
}
