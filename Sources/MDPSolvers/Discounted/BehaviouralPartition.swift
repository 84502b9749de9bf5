// What is here: a partition of the states into classes of equal behaviour, to settle ties that no
// precision can settle.
// In each class all states have the same set of pairs (reward, class-summed row): the optimal
// value is then constant on the class (proofs-notes/discounted-enclosed-certificate.md).
// Source: bisimulation for MDPs, Givan, Dean and Greig 2003; splitting that keeps the number of
// the largest part, after Paige and Tarjan 1987.

import ExactArithmetic
import MarkovDecisionProcesses

/// The coarsest such partition.
struct BehaviouralPartition {
  /// The class of each state.
  private(set) var classes: [Int32]
  private let model: FiniteMDP
  private let reward: PooledVector
  private var sums = RationalPool()
  private var pairs: [[Int32]: Int32] = [:]
  private var signatures: [[Int32]: Int32] = [:]
  /// The signature of each state: the number of its set of pairs.
  private var signatureOf: [Int32]

  /// - Complexity: O(transitions × log states) hash operations on typical models.
  init(
    model: FiniteMDP, reward: PooledVector, progress: ProgressHandler
  ) throws(Interrupted) {
    self.model = model
    self.reward = reward
    classes = [Int32](repeating: 0, count: model.stateCount)
    signatureOf = [Int32](repeating: -1, count: model.stateCount)
    try refine(progress)
  }

  /// Whether two choices have the same reward and the same class-summed row.
  mutating func areEqual(_ first: Int, _ second: Int) -> Bool {
    pair(first) == pair(second)
  }

  private mutating func refine(_ progress: ProgressHandler) throws(Interrupted) {
    let predecessors = Predecessors(model)
    var members: [[Int32]] = [Array(0..<Int32(model.stateCount))]
    var dirty = members[0]
    var isDirty = [Bool](repeating: true, count: model.stateCount)
    while !dirty.isEmpty {
      try progress.checkpoint()
      progress.report("merging states of equal behaviour")
      var touched: Set<Int32> = []
      for state in dirty {
        isDirty[Int(state)] = false
        let signature = signature(Int(state))
        if signature != signatureOf[Int(state)] {
          signatureOf[Int(state)] = signature
          touched.insert(classes[Int(state)])
        }
      }
      dirty.removeAll(keepingCapacity: true)
      for number in touched.sorted() {
        for moved in split(Int(number), &members) {
          for before in predecessors.states(before: Int(moved)) where !isDirty[Int(before)] {
            isDirty[Int(before)] = true
            dirty.append(before)
          }
        }
      }
    }
  }

  /// Splits a class by signature; the largest part keeps the number. Returns the states that moved.
  private mutating func split(_ number: Int, _ members: inout [[Int32]]) -> [Int32] {
    var parts: [Int32: [Int32]] = [:]
    for state in members[number] { parts[signatureOf[Int(state)], default: []].append(state) }
    guard parts.count > 1 else { return [] }
    let ordered = parts.values.sorted { ($1.count, $0[0]) < ($0.count, $1[0]) }
    members[number] = ordered[0]
    var moved: [Int32] = []
    for part in ordered.dropFirst() {
      let new = Int32(members.count)
      for state in part { classes[Int(state)] = new }
      members.append(part)
      moved.append(contentsOf: part)
    }
    return moved
  }

  private mutating func signature(_ state: Int) -> Int32 {
    var set: [Int32] = []
    for choice in model.choiceRange(at: state) { set.append(pair(choice)) }
    set.sort()
    var unique: [Int32] = []
    for number in set where number != unique.last { unique.append(number) }
    let next = Int32(signatures.count)
    if let known = signatures[unique] { return known }
    signatures[unique] = next
    return next
  }

  /// The number of the pair (reward, class-summed row) of a choice.
  private mutating func pair(_ choice: Int) -> Int32 {
    var row: [(class: Int32, probability: Int32)] = model.transitionRange(of: choice).map {
      (classes[Int(model.successors[$0])], model.probabilities[$0])
    }
    row.sort { ($0.class, $0.probability) < ($1.class, $1.probability) }
    var key: [Int32] = [reward.places[choice]]
    var index = 0
    while index < row.count {
      let number = row[index].class
      var sum = Rational.zero
      while index < row.count, row[index].class == number {
        sum = sum + model.probabilityPool[row[index].probability]
        index += 1
      }
      key.append(number)
      key.append(sums.insert(sum))
    }
    let next = Int32(pairs.count)
    if let known = pairs[key] { return known }
    pairs[key] = next
    return next
  }
}
