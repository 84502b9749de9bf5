import ExactArithmetic
import MarkovDecisionProcesses
import TestSupport
import Testing

/// A worked model with its class; source: the average-reward note, section 6.
struct WorkedStructure: Sendable, CustomTestStringConvertible {
  let name: String
  let rows: String
  let classification: ModelStructure.Classification
  /// recurrent, unichain, communicating, weakly communicating
  let properties: [Bool]
  let components: [[String]]

  var testDescription: String { name }

  static let all = [
    WorkedStructure(
      name: "C1", rows: "s a → s:1/2, t:1/2; s b → t; t c → t", classification: .unichain,
      properties: [false, true, false, true], components: [["t"]]),
    WorkedStructure(
      name: "C2", rows: "0 stay → 0; 0 move → 1:1/3, 0:2/3; 1 stay → 1:3/4, 0:1/4; 1 move → 0",
      classification: .unichain, properties: [false, true, true, true],
      components: [["0", "1"]]),
    WorkedStructure(
      name: "C4",
      rows: """
        1 a → 1; 1 b → 2; 2 a → 3:1/2, 4:1/2; 2 b → 1; 3 a → 3; 4 a → 5; 5 a → 4; 5 b → 2
        """, classification: .multichain, properties: [false, false, false, false],
      components: [["1", "2"], ["3"], ["4", "5"]]),
    WorkedStructure(
      name: "C5", rows: "z a → x; z b → y; x a → y; x b → x; y a → x; y b → y",
      classification: .weaklyCommunicating, properties: [false, false, false, true],
      components: [["x", "y"]]),
    WorkedStructure(
      name: "C6", rows: "0 stay → 0; 0 move → 1; 1 stay → 1; 1 move → 0",
      classification: .communicating, properties: [false, false, true, true],
      components: [["0", "1"]]),
    WorkedStructure(
      name: "C7", rows: "0 a → 1; 1 a → 0", classification: .unichain,
      properties: [true, true, true, true], components: [["0", "1"]]),
    WorkedStructure(
      name: "C10", rows: "s go → s; s jump → t; t go → t", classification: .multichain,
      properties: [false, false, false, false], components: [["s"], ["t"]]),
    WorkedStructure(
      name: "C12",
      rows: """
        good run → good:3/4, worn:1/4; worn run → worn:1/2, broken:1/2; worn service → good
        broken service → good:1/3, broken:2/3
        """, classification: .unichain, properties: [false, true, true, true],
      components: [["good", "worn", "broken"]]),
    WorkedStructure(
      name: "recurrent with a choice", rows: "0 a → 1; 0 b → 0:1/2, 1:1/2; 1 a → 0",
      classification: .unichain, properties: [true, true, true, true],
      components: [["0", "1"]]),
  ]
}

@Suite("Structure of a model")
struct ModelStructureTests {
  @Test("worked cases", .tags(.worked), arguments: WorkedStructure.all)
  func worked(example: WorkedStructure) throws {
    let model = try TinyModel.read(example.rows)
    let structure = ModelStructure(of: model)
    #expect(structure.classification == example.classification)
    #expect(
      [
        structure.isRecurrent, structure.isUnichain, structure.isCommunicating,
        structure.isWeaklyCommunicating,
      ] == example.properties)
    let components = structure.maximalEndComponents.map { component in
      component.states.map { model.states[Int($0.index)] }
    }
    #expect(components == example.components)
    #expect((structure.chain != nil) == (model.choiceCount == model.stateCount))
  }

  @Test("RiverSwim is unichain and communicating, not recurrent", .tags(.worked))
  func riverSwim() throws {
    let structure = ModelStructure(of: try ModelFamily("riverswim").model())
    #expect(structure.classification == .unichain)
    #expect(structure.isCommunicating)
    #expect(structure.isRecurrent == false)
  }

  /// Every deterministic policy of a small model.
  private func policies(of model: FiniteMDP) throws -> [Policy] {
    var lists: [[Action]] = [[]]
    for state in 0..<model.stateCount {
      let actions = model.choices(at: State(state)).map { model.action(of: $0) }
      lists = lists.flatMap { list in actions.map { list + [$0] } }
    }
    return try lists.map { try Policy($0, in: model) }
  }

  @Test(
    "the class of small models agrees with the chains of all their policies",
    .tags(.differential), arguments: 0..<4 as Range<UInt64>)
  func enumeration(seed: UInt64) throws {
    var models = RandomModel(seed: seed)
    models.largestStateCount = 5
    for _ in 0..<60 {
      let model = try models.next()
      let structure = ModelStructure(of: model)
      let chains = try policies(of: model).map { RecurrentClasses(of: $0, in: model) }
      #expect(structure.isUnichain == chains.allSatisfy(\.isUnichain), "seed \(seed)")
      #expect(
        structure.isRecurrent == chains.allSatisfy { $0.classes[0].count == model.stateCount })
      let everything = RecurrentClasses(of: .uniform(in: model), in: model)
      #expect(structure.isCommunicating == (everything.classes[0].count == model.stateCount))
      // Undecided is allowed past the limit, a wrong answer never is.
      let hasty = ModelStructure(of: model, workLimit: 60)
      #expect(hasty.isUnichain == nil || hasty.isUnichain == structure.isUnichain)
      #expect(hasty.isRecurrent == nil || hasty.isRecurrent == structure.isRecurrent)
    }
  }

  /// The maximal end components among all sets of states.
  private func components(of model: FiniteMDP) -> [[Int]] {
    let n = model.stateCount
    var found: [Set<Int>] = []
    for bits in 1..<(1 << n) {
      let set = Set((0..<n).filter { bits >> $0 & 1 == 1 })
      var edges = [[Int]](repeating: [], count: n)
      for state in set {
        for choice in model.choices(at: State(state)) {
          let targets = model.transitions(of: choice).map { Int($0.successor.index) }
          if set.isSuperset(of: targets) { edges[state] += targets }
        }
      }
      let graph = DirectedGraph(edges)
      let isConnected = set.allSatisfy { state in
        let reached = graph.reachable(from: [state])
        return !edges[state].isEmpty && set.allSatisfy { reached[$0] }
      }
      if isConnected { found.append(set) }
    }
    return found.filter { set in !found.contains { $0.isStrictSuperset(of: set) } }
      .map { $0.sorted() }.sorted { $0[0] < $1[0] }
  }

  @Test(
    "maximal end components agree with a search of all sets", .tags(.differential),
    arguments: 0..<4 as Range<UInt64>)
  func endComponents(seed: UInt64) throws {
    var models = RandomModel(seed: seed)
    for _ in 0..<40 {
      let model = try models.next()
      let found = model.maximalEndComponents()
      let expected = components(of: model)
      #expect(found.map { $0.states.map { Int($0.index) } } == expected, "seed \(seed)")
      for component in found {
        let inside = Set(component.states)
        let staying = component.states.flatMap { model.choices(at: $0) }.filter { choice in
          model.transitions(of: choice).allSatisfy { inside.contains($0.successor) }
        }
        #expect(component.choices == staying)
      }
    }
  }

  @Test("long arms that die one after the other take linear time")
  func longArms() throws {
    let model = try ModelFamily("haddad-monmege", options: ["states": "20000"]).model()
    let found = model.maximalEndComponents()
    #expect(found.map(\.states) == [[State(0)], [State(40_000)]])
  }

  @Test("zero-reward cycles of the shortest-path family are end components")
  func cycles() throws {
    let model = try ModelFamily("ssp", options: ["states": "20", "zero-cycles": "true"]).model()
    let components = model.maximalEndComponents().map { $0.states.map { Int($0.index) } }
    #expect(components.contains { $0.contains(3) && $0.contains(4) })
    #expect(components.suffix(2) == [[18], [19]])
  }

  @Test("the summary counts what is in the model")
  func summary() throws {
    let river = ModelSummary(of: try ModelFamily("riverswim").model())
    // 6 left moves, 2 + 2 at the ends and 4 · 3 in between to the right.
    #expect(river.states == 6 && river.actions == 2 && river.choices == 12)
    #expect(river.transitions == 22)
    #expect(river.reachableStates == 6)
    #expect(river.largestDenominator == 20)
    let tiny = ModelSummary(of: try TinyModel.read("x a → x | 1/7; y a → x:1/3, y:2/3"))
    #expect(tiny.largestDenominator == 3)
    #expect(tiny.reachableStates == nil)
  }
}
