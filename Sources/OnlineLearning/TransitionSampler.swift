import ExactArithmetic
import MarkovDecisionProcesses

/// Draws successors of a model's choices, each with exactly its probability up to `2^-64`.
///
/// One draw `u` of 64 bits a step: the next state is the one of least index with
/// `u < 2^64 · F(index)`, where `F` is the cumulative probability by state index. The comparison is
/// exact, so that a seed gives the same run on every machine.
public struct TransitionSampler: Sendable {
  private let offsets: ContiguousArray<Int32>
  /// The successors of each choice, ascending.
  private let successors: ContiguousArray<Int32>
  /// The largest draw that leads to this successor or one before it.
  private let largestDraws: ContiguousArray<UInt64>

  public init(_ model: FiniteMDP) {
    var successors = ContiguousArray<Int32>()
    var draws = ContiguousArray<UInt64>()
    successors.reserveCapacity(model.transitionCount)
    draws.reserveCapacity(model.transitionCount)
    for choice in 0..<model.choiceCount {
      let law = model.transitions(of: Choice(choice)).sorted { $0.successor < $1.successor }
      successors.append(contentsOf: law.lazy.map(\.successor.index))
      draws.append(contentsOf: Self.largestDraws(of: law.map(\.probability)))
    }
    offsets = model.transitionOffsets
    self.successors = successors
    largestDraws = draws
  }

  /// For each entry of a law the largest `u` with `u < 2^64 F`.
  static func largestDraws(of law: [Rational]) -> [UInt64] {
    var cumulative = Rational.zero
    return law.map { probability in
      cumulative += probability
      // u < x for an integer u exactly if u <= ⌈x⌉ - 1 = -⌊-x⌋ - 1.
      return word(-(-cumulative).floor(timesTwoToThe: 64) - 1)
    }
  }

  /// - Precondition: `0 <= value < 2^64`.
  private static func word(_ value: Integer) -> UInt64 {
    let high = value >> 32
    let low = value - high << 32
    return UInt64(high.word ?? 0) << 32 | UInt64(low.word ?? 0)
  }

  /// The state after `choice`; takes one draw.
  public func successor<Generator: RandomNumberGenerator>(
    of choice: Choice, using random: inout Generator
  ) -> State {
    successor(of: choice, draw: random.next())
  }

  /// The state to which the draw `u` leads.
  public func successor(of choice: Choice, draw u: UInt64) -> State {
    State(successor(at: slot(of: Int(choice.index), draw: u)))
  }

  // MARK: - Slots: the successors of all choices in one list

  /// The slots of a choice: its successors, ascending.
  func slots(of choice: Int) -> Range<Int> { Int(offsets[choice])..<Int(offsets[choice + 1]) }

  var slotCount: Int { successors.count }

  /// The index of the state at a slot.
  func successor(at slot: Int) -> Int { Int(successors[slot]) }

  /// The slot to which the draw `u` leads.
  func slot(of choice: Int, draw u: UInt64) -> Int {
    var low = Int(offsets[choice])
    var high = Int(offsets[choice + 1]) - 1
    while low < high {
      let middle = (low + high) / 2
      if u <= largestDraws[middle] { high = middle } else { low = middle + 1 }
    }
    return low
  }
}
