import Certificates
import ExactArithmetic
import TestSupport
import Testing

@testable import Expressivity

/// Cycles of relations against all ways counted out.
@Suite("Cycles of relations")
struct RelationGraphTests {
  @Test("the cycle is a shortest one with a strict edge", .tags(.differential))
  func shortest() {
    var random = SplitMix64(seed: 59)
    for _ in 0..<200 {
      let count = 2 + Int(random.below(6))
      var graph = RelationGraph(count: count)
      var ways = (0..<count).map { from in (0..<count).map { $0 == from ? 0 : Int.max / 4 } }
      var strict: [(Int, Int)] = []
      for _ in 0..<(1 + Int(random.below(10))) {
        let left = Int(random.below(UInt64(count)))
        let right = Int(random.below(UInt64(count)))
        let isStrict = random.below(2) == 0
        graph.add(ExpressTask.Constraint(left, isStrict ? .greater : .atLeast, right))
        if isStrict { strict.append((left, right)) }
        ways[left][right] = min(ways[left][right], 1)
      }
      for middle in 0..<count {
        for from in 0..<count {
          for to in 0..<count {
            ways[from][to] = min(ways[from][to], ways[from][middle] + ways[middle][to])
          }
        }
      }
      let least = strict.map { 1 + ways[$0.1][$0.0] }.min().flatMap { $0 > count + 1 ? nil : $0 }
      let cycle = graph.strictCycle()
      #expect(cycle?.count == least)
      guard let cycle else { continue }
      #expect(cycle.contains { $0.relation == .greater })
      for (edge, next) in zip(cycle, cycle.dropFirst() + cycle.prefix(1)) {
        #expect(edge.right == next.left)
      }
    }
  }
}
