/// The candidate that a misspelled `name` most likely means, or `nil` when none is near.
///
/// Near means: at most a third of the longer one's characters have to be inserted, deleted,
/// replaced, or swapped with their neighbour. Ties go to the candidate that comes first.
///
/// - Complexity: O(candidates × name length × candidate length); only names of up to 200
///   characters and the first 100 000 candidates are compared.
public func nearestName(to name: String, among candidates: some Sequence<String>) -> String? {
  let target = Array(name.lowercased().unicodeScalars.prefix(201))
  guard target.count <= 200 else { return nil }
  var best: (distance: Int, name: String)?
  for candidate in candidates.lazy.prefix(100_000) {
    let letters = Array(candidate.lowercased().unicodeScalars.prefix(201))
    let limit = max(1, max(letters.count, target.count) / 3)
    guard abs(letters.count - target.count) <= min(limit, best.map { $0.distance - 1 } ?? limit)
    else { continue }
    let distance = editDistance(target, letters)
    if distance <= limit, distance < best?.distance ?? .max { best = (distance, candidate) }
    if best?.distance == 0 { break }
  }
  return best?.name
}

/// The number of insertions, deletions, replacements and swaps of neighbours between two texts
/// (optimal string alignment).
private func editDistance(_ a: [Unicode.Scalar], _ b: [Unicode.Scalar]) -> Int {
  var beforeLast = [Int](repeating: 0, count: b.count + 1)
  var last = Array(0...b.count)
  for i in a.indices {
    var row = [i + 1]
    row.reserveCapacity(b.count + 1)
    for j in b.indices {
      var cost = min(row[j] + 1, last[j + 1] + 1, last[j] + (a[i] == b[j] ? 0 : 1))
      if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] {
        cost = min(cost, beforeLast[j - 1] + 1)
      }
      row.append(cost)
    }
    (beforeLast, last) = (last, row)
  }
  return last[b.count]
}
