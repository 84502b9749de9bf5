import ExactArithmetic
import MarkovDecisionProcesses
import TestSupport
import Testing

@Suite("Graphs")
struct DirectedGraphTests {
  private func randomGraph(_ random: inout SplitMix64) -> [[Int]] {
    let count = 1 + Int(random.below(9))
    let density = 1 + random.below(5)
    return (0..<count).map { _ in
      (0..<count).filter { _ in random.below(8) < density }
    }
  }

  /// Reachability by repeated relaxation.
  private func closure(_ successors: [[Int]]) -> [[Bool]] {
    let n = successors.count
    var reach = (0..<n).map { v in (0..<n).map { v == $0 || successors[v].contains($0) } }
    for k in 0..<n {
      for i in 0..<n where reach[i][k] {
        for j in 0..<n where reach[k][j] { reach[i][j] = true }
      }
    }
    return reach
  }

  @Test(
    "components and reachability agree with the transitive closure", .tags(.differential),
    arguments: 0..<4 as Range<UInt64>)
  func components(seed: UInt64) {
    var random = SplitMix64(seed: seed)
    for _ in 0..<100 {
      let successors = randomGraph(&random)
      let graph = DirectedGraph(successors)
      let reach = closure(successors)
      let components = StronglyConnectedComponents(of: graph)
      let n = successors.count
      for v in 0..<n {
        #expect(graph.reachable(from: [v]) == reach[v], "\(successors)")
        for w in 0..<n {
          let isSame = components.component[v] == components.component[w]
          #expect(isSame == (reach[v][w] && reach[w][v]), "\(successors)")
          if reach[v][w] { #expect(components.component[v] >= components.component[w]) }
        }
      }
      #expect(Set(components.component).count == components.count)
      #expect(components.members().flatMap { $0 }.sorted() == Array(0..<n))
      for (number, isClosed) in components.isClosed(in: graph).enumerated() {
        let members = components.members()[number]
        #expect(
          isClosed == members.allSatisfy { v in successors[v].allSatisfy(members.contains) })
      }
    }
  }

  @Test("a path of 200 000 vertices needs no deep stack")
  func deepPath() {
    let n = 200_000
    let path = DirectedGraph((0..<n).map { $0 + 1 < n ? [$0 + 1] : [] })
    #expect(StronglyConnectedComponents(of: path).count == n)
    let ring = DirectedGraph((0..<n).map { [($0 + 1) % n] })
    #expect(StronglyConnectedComponents(of: ring).count == 1)
    #expect(ring.reachable(from: [7]).allSatisfy { $0 })
  }

  @Test("reachable states start from the initial law's positive part")
  func reachable() throws {
    // RiverSwim has one class; in the chain to the right below nothing comes back.
    let model = try TinyModel.read("x a → y; y a → z; z a → z; u a → x")
    #expect(model.reachableStates() == nil)
    #expect(model.starting(at: State(1)).reachableStates() == [State(1), State(2)])
  }
}

@Suite("Recurrent classes")
struct RecurrentClassesTests {
  @Test("classes and periods of worked chains", .tags(.worked))
  func worked() throws {
    // Average-reward note, case C7: two states that alternate.
    let c7 = try TinyModel.read("0 a → 1 | 0; 1 a → 0 | 1")
    let alternating = RecurrentClasses(of: .first(in: c7), in: c7)
    #expect(alternating.classes == [[State(0), State(1)]])
    #expect(alternating.periods == [2])
    // Cycles of lengths 2 and 3 share a state: aperiodic. A transient state, an absorbing one.
    let mixed = try TinyModel.read(
      "t a → p:1/2, e:1/2; p a → q; q a → p:1/2, r:1/2; r a → p; e a → e")
    let classes = RecurrentClasses(of: .first(in: mixed), in: mixed)
    #expect(classes.classes == [[State(1), State(2), State(3)], [State(4)]])
    #expect(classes.periods == [1, 1])
    #expect(classes.classOfState == [-1, 0, 0, 0, 1])
    #expect(!classes.isUnichain)
    // Case C13: irreducible, with loops.
    let c13 = try TinyModel.read(
      "0 a → 0:1/2, 1:1/2; 1 a → 0:1/4, 1:1/2, 2:1/4; 2 a → 1:1/3, 2:2/3")
    #expect(RecurrentClasses(of: .first(in: c13), in: c13).periods == [1])
  }

  @Test("a policy's classes are the blocks of the multichain family")
  func multichain() throws {
    // 40 states, 3 blocks over 10 transient states: 10..<20 irreducible, 20..<30 a ring of 10,
    // 30..<40 where action 0 stays.
    let model = try ModelFamily("multichain").model()
    let first = RecurrentClasses(of: .first(in: model), in: model)
    #expect(first.classes.count == 12)
    #expect(first.classes[1] == (20..<30).map(State.init))
    #expect(first.periods[1] == 10)
    let second = try Policy(Array(repeating: Action(1), count: 40), in: model)
    let rings = RecurrentClasses(of: second, in: model)
    #expect(rings.classes.map(\.count) == [10, 10, 10])
    #expect(Array(rings.periods.dropFirst()) == [10, 10])
    #expect(RecurrentClasses(of: .uniform(in: model), in: model).periods == [1, 10, 1])
  }

  @Test(
    "periods agree with the lengths of closed walks", .tags(.differential),
    arguments: 0..<4 as Range<UInt64>)
  func periods(seed: UInt64) throws {
    var models = RandomModel(seed: seed)
    var random = SplitMix64(seed: seed)
    for _ in 0..<60 {
      let model = try models.next()
      let policy = try random.policy(in: model)
      let classes = RecurrentClasses(of: policy, in: model)
      for (states, period) in zip(classes.classes, classes.periods) {
        // States where the chain can be after k steps from the first state of the class.
        var now: Set<State> = [states[0]]
        var divisor = 0
        for step in 1...(2 * states.count * states.count) {
          now = Set(now.flatMap { model.chainRow(of: policy, at: $0).map(\.successor) })
          #expect(now.isSubset(of: states))
          if now.contains(states[0]) {
            var (a, b) = (divisor, step)
            while b != 0 { (a, b) = (b, a % b) }
            divisor = a
          }
        }
        #expect(divisor == period, "seed \(seed)")
      }
    }
  }
}
