/// A set of small natural numbers, one bit each.
package struct BitSet: Sendable, Hashable {
  // Without zeros at the end, so that equal sets are equal arrays.
  private var words: [UInt64] = []

  package init() {}

  package init(_ members: some Sequence<Int>) {
    for member in members { insert(member) }
  }

  package var isEmpty: Bool { words.isEmpty }
  package var count: Int { words.reduce(0) { $0 + $1.nonzeroBitCount } }

  /// Ascending.
  package var members: [Int] {
    var members: [Int] = []
    for (place, word) in words.enumerated() {
      var rest = word
      while rest != 0 {
        members.append(place * 64 + rest.trailingZeroBitCount)
        rest &= rest - 1
      }
    }
    return members
  }

  package func contains(_ member: Int) -> Bool {
    let place = member / 64
    return place < words.count && words[place] & (1 << UInt64(member % 64)) != 0
  }

  package mutating func insert(_ member: Int) {
    let place = member / 64
    while words.count <= place { words.append(0) }
    words[place] |= 1 << UInt64(member % 64)
  }

  package mutating func formUnion(_ other: BitSet) {
    if words.count < other.words.count {
      words += other.words[words.count...]
    }
    for place in 0..<min(words.count, other.words.count) { words[place] |= other.words[place] }
  }

  package mutating func subtract(_ other: BitSet) {
    for place in 0..<min(words.count, other.words.count) { words[place] &= ~other.words[place] }
    while words.last == 0 { words.removeLast() }
  }

  package func intersection(_ other: BitSet) -> BitSet {
    var common = BitSet()
    common.words = zip(words, other.words).map { $0 & $1 }
    while common.words.last == 0 { common.words.removeLast() }
    return common
  }

  /// The size of the intersection.
  package func commonCount(_ other: BitSet) -> Int {
    var count = 0
    for place in 0..<min(words.count, other.words.count) {
      count += (words[place] & other.words[place]).nonzeroBitCount
    }
    return count
  }

  package func isSubset(of other: BitSet) -> Bool {
    guard words.count <= other.words.count else { return false }
    for place in words.indices where words[place] & ~other.words[place] != 0 { return false }
    return true
  }
}
