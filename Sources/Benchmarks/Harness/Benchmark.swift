/// One line of the report: a way to do something, and how its time compares with a reference.
///
/// Both are timed in turn in one process, so that the ratio means something on a machine whose
/// speed is unknown or which does other work too. What counts is the shortest of several times:
/// other work only ever adds to a time.
struct Benchmark {
  /// `Area/operation/size`.
  let name: String
  /// How many operations one call makes.
  let operations: Int
  /// The ratio that we set out to reach, if any.
  let goal: Double?
  /// The seconds that we set out to stay within, if any.
  let limit: Double?
  /// What the reference is, in a word or two.
  let referenceName: String?
  let ours: () -> Int
  let reference: (() -> Int)?

  /// A comparison.
  ///
  /// - Parameters:
  ///   - ours, reference: make `operations` operations on inputs made before and return a number
  ///     that depends on every result, so that none is optimised away.
  init(
    _ name: String, operations: Int = 1, against referenceName: String, goal: Double? = nil,
    ours: @escaping () -> Int, reference: @escaping () -> Int
  ) {
    self.name = name
    self.operations = operations
    self.goal = goal
    limit = nil
    self.referenceName = referenceName
    self.ours = ours
    self.reference = reference
  }

  /// A time without a reference, with the seconds that it should not pass.
  init(
    _ name: String, operations: Int = 1, within limit: Double? = nil, _ ours: @escaping () -> Int
  ) {
    self.name = name
    self.operations = operations
    self.limit = limit
    goal = nil
    referenceName = nil
    self.ours = ours
    reference = nil
  }
}

extension Benchmark {
  /// What a run of a benchmark measured.
  struct Measurement {
    /// Seconds an operation.
    var ours = Double.infinity
    var reference = Double.infinity

    var ratio: Double { reference / ours }
  }

  /// Times both ways in turn until `budget` is used up, at least three rounds of each, unless one
  /// call alone takes longer than the budget.
  func run(budget: Duration) -> Measurement {
    let clock = ContinuousClock()
    let end = clock.now + budget
    var best = Measurement()
    var checksum = 0
    // One call may be too short for the clock.
    let first = clock.measure { checksum &+= ours() }
    let calls = max(1, Int(Duration.microseconds(200) / first))
    var rounds = 0
    repeat {
      let time = clock.measure { for _ in 0..<calls { checksum &+= ours() } }
      best.ours = min(best.ours, time.seconds / Double(calls * operations))
      if let reference {
        let time = clock.measure { for _ in 0..<calls { checksum &+= reference() } }
        best.reference = min(best.reference, time.seconds / Double(calls * operations))
      }
      rounds += 1
    } while clock.now < end || (rounds < 3 && first < budget)
    consume(checksum)
    return best
  }
}

extension Duration {
  var seconds: Double { Double(components.seconds) + Double(components.attoseconds) * 1e-18 }
}

/// Takes a result where the optimiser cannot see that nothing is done with it.
@inline(never)
func consume(_ value: Int) {}
