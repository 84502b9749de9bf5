import ExactArithmetic

/// A number of a generated model: its place in the table of terms.
typealias Term = Int32

/// The distinct numbers of a generated model with their text, so that a number is reduced and
/// printed once and not once a transition.
struct TermTable {
  private var pool = RationalPool()
  private(set) var texts: [[UInt8]] = []

  subscript(term: Term) -> Rational { pool[term] }

  mutating func term(_ value: Rational) -> Term {
    let term = pool.insert(value)
    if Int(term) == texts.count { texts.append(Array(value.description.utf8)) }
    return term
  }

  /// The text of `value`, made once.
  mutating func text(of value: Rational) -> [UInt8] {
    let term = term(value)
    return texts[Int(term)]
  }
}

/// The terms `numerator / denominator` for one denominator, found by the numerator.
struct NumeratorTable {
  let denominator: Int
  private var terms: [Int: Term] = [:]

  init(denominator: Int) {
    self.denominator = denominator
  }

  mutating func term(_ numerator: Int, in table: inout TermTable) -> Term {
    if let term = terms[numerator] { return term }
    let term = table.term(Rational(numerator, denominator))
    terms[numerator] = term
    return term
  }
}

/// One choice of a generated model. One row serves a whole pass and keeps its memory.
struct GeneratedRow {
  private(set) var state = 0
  private(set) var action = 0
  /// Ascending.
  private(set) var successors: [Int] = []
  /// One a successor, positive.
  private(set) var probabilities: [Term] = []
  /// For each reward function its entries, that for every successor (`nil`) first.
  private(set) var rewards: [[(successor: Int?, value: Term)]]
  var terms = TermTable()

  init(rewardCount: Int = 1) {
    rewards = Array(repeating: [], count: rewardCount)
  }

  /// Empties the row and gives it to `(state, action)`.
  mutating func start(_ state: Int, _ action: Int) {
    (self.state, self.action) = (state, action)
    successors.removeAll(keepingCapacity: true)
    probabilities.removeAll(keepingCapacity: true)
    for function in rewards.indices { rewards[function].removeAll(keepingCapacity: true) }
  }

  /// Adds a successor past the last one.
  mutating func add(_ successor: Int, _ probability: Term) {
    successors.append(successor)
    probabilities.append(probability)
  }

  /// Adds the only successor.
  mutating func addSure(_ successor: Int) {
    add(successor, terms.term(1))
  }

  /// Adds a law: equal successors are merged, zeros dropped, the rest sorted.
  mutating func addMerged(_ law: [(successor: Int, probability: Rational)]) {
    var rest = law[...].sorted { $0.successor < $1.successor }[...]
    while let (successor, first) = rest.popFirst() {
      var sum = first
      while let next = rest.first, next.successor == successor {
        sum += next.probability
        rest.removeFirst()
      }
      if !sum.isZero { add(successor, terms.term(sum)) }
    }
  }

  /// Adds a reward for every successor, zero or not.
  mutating func addReward(_ value: Term, function: Int = 0) {
    rewards[function].append((nil, value))
  }

  /// Adds a reward for every successor, or nothing when it is zero.
  mutating func addRewardUnlessZero(_ value: Rational) {
    if !value.isZero { addReward(terms.term(value)) }
  }

  /// Adds a reward for one successor.
  mutating func addReward(_ value: Rational, successor: Int) {
    rewards[0].append((successor, terms.term(value)))
  }

  /// The expected reward of the choice in reward function `function`.
  func expectedReward(function: Int) -> Rational {
    var sum = Rational.zero
    for (successor, value) in rewards[function] {
      guard let successor else {
        sum += terms[value]
        continue
      }
      if let place = successors.firstIndex(of: successor) {
        sum += terms[probabilities[place]] * terms[value]
      }
    }
    return sum
  }
}
