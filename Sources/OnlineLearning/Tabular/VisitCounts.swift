/// How often each transition and each choice has been seen.
struct VisitCounts: Sendable, Hashable, Codable {
  /// One entry a slot of the sampler.
  private(set) var slots: [Int64]
  /// One entry a choice.
  private(set) var choices: [Int64]

  init(slots: Int, choices: Int) {
    self.slots = Array(repeating: 0, count: slots)
    self.choices = Array(repeating: 0, count: choices)
  }

  /// Whether there are as many slots and choices, none counted less than 0.
  func hasShape(of other: VisitCounts) -> Bool {
    slots.count == other.slots.count && choices.count == other.choices.count
      && slots.allSatisfy { $0 >= 0 } && choices.allSatisfy { $0 >= 0 }
  }

  mutating func add(slot: Int, of choice: Int) {
    slots[slot] += 1
    choices[choice] += 1
  }
}
