/// The rows of a matrix in the order of its blocks, so that a row refers to its own block and to
/// earlier ones alone.
struct BlockOrder {
  /// Row `order[p]` is at place `p`.
  let order: ContiguousArray<Int32>
  /// The places of the blocks, one after the other.
  let blocks: [Range<Int>]

  /// - Parameter components: for each row the number of its component, where every entry of a row
  ///   lies in a component of the same or a smaller number; `nil` for a single block.
  init(size: Int, components: ContiguousArray<Int32>?) {
    guard let components else {
      order = ContiguousArray(0..<Int32(size))
      blocks = size == 0 ? [] : [0..<size]
      return
    }
    let count = Int(components.max() ?? -1) + 1
    var starts = ContiguousArray<Int>(repeating: 0, count: count + 1)
    for component in components { starts[Int(component) + 1] += 1 }
    for component in 0..<count { starts[component + 1] += starts[component] }
    var cursor = starts
    var order = ContiguousArray<Int32>(repeating: 0, count: size)
    for row in 0..<size {
      let component = Int(components[row])
      order[cursor[component]] = Int32(row)
      cursor[component] += 1
    }
    self.order = order
    blocks = (0..<count).lazy.map { starts[$0]..<starts[$0 + 1] }.filter { !$0.isEmpty }
  }
}
