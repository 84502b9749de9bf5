import Certificates
import ExactArithmetic
import MarkovDecisionProcesses

/// How far a search for a reward machine goes.
public struct MachineSearchOptions: Sendable {
  /// The most states of the machine.
  public var stateLimit: Int
  public var alphabet: StepAlphabet.Kind
  /// Whether the time is over: then what is not decided yet is left undecided.
  public var isOver: @Sendable () -> Bool

  public init(
    stateLimit: Int, alphabet: StepAlphabet.Kind = .steps,
    isOver: @escaping @Sendable () -> Bool = { false }
  ) {
    self.stateLimit = stateLimit
    self.alphabet = alphabet
    self.isOver = isOver
  }
}

/// Looks for a reward machine of fewest states with which a task can be expressed.
///
/// First whether any function of runs expresses it, as else no machine does. Then for 1, 2, …
/// states: a tree whose nodes are machines that are known in part; the first transition that is met
/// and not decided is decided in every way, where states are numbered in the order in which they
/// are met, so that of machines that differ in names one is visited. A node is left when some
/// multipliers refute all its completions; those found are tried at every later node. So either a
/// machine is found, the smallest in number of states, or the multipliers are a proof that there is
/// none, which a walk through the same tree verifies.
///
/// - Throws: ``ExpressError``, ``Interrupted``.
/// - Complexity: exponential in the transitions that the objects meet, at worst; each node takes
///   one exact solve a policy.
///
/// Source: ours; `proofs-notes/machine-search.md`.
public func expressWithMachine(
  _ task: ExpressTask, search: MachineSearchOptions, options: ExpressOptions = ExpressOptions()
) throws -> ExpressAnswer {
  guard task.optimum == nil else {
    throw ExpressError.notOffered(
      "a machine is searched for relations, not for 'uniqueOptimum' or 'avoid'")
  }
  let machineTask = task.asking(for: .rewardMachine, machine: nil)
  let free = try express(machineTask, options: options)
  if free.isExpressible == false {
    return free.searched(ExpressAnswer.Search(search.alphabet, stateLimit: search.stateLimit))
  }
  return try MachineSearch(machineTask, search, options).answer()
}

/// A search on one task.
private struct MachineSearch {
  private let task: ExpressTask
  private let search: MachineSearchOptions
  private let options: ExpressOptions
  private let discount: Rational
  private let alphabet: StepAlphabet
  private let objects: TaskObjects
  private let features: PartialFeatures

  init(
    _ task: ExpressTask, _ search: MachineSearchOptions, _ options: ExpressOptions
  ) throws {
    guard case .fixed(let discount)? = task.discount else {
      throw task.discount == nil
        ? ExpressError.discountRequired(formalism: Formalism.rewardMachine.rawValue)
        : .oneDiscountRequired("a machine is searched for one discount; give the task a number")
    }
    self.task = task
    self.search = search
    self.options = options
    self.discount = discount
    alphabet = StepAlphabet(search.alphabet, of: task.model)
    objects = try TaskObjects(
      of: task, usesFringe: false, maximumPolicies: options.maximumPolicies,
      progress: options.progress)
    features = try PartialFeatures(
      task, discount: discount, objects.entries.map(\.behaviour), progress: options.progress)
  }

  func answer() throws -> ExpressAnswer {
    var smaller: ExpressAnswer.MachineRefutation?
    var count = 1
    while count <= search.stateLimit {
      var tree = SearchTree(stateCount: count, self)
      switch try tree.walk() {
      case .found(let machine):
        return try LinearDesign(
          task.asking(for: .rewardMachine, machine: machine.completed(on: task.model)), options
        ).answer().searched(
          ExpressAnswer.Search(
            search.alphabet, stateLimit: search.stateLimit,
            machine: machine.completed(on: task.model), smaller: smaller))
      case .none(let conflicts):
        smaller = ExpressAnswer.MachineRefutation(stateCount: count, conflicts: conflicts)
        options.progress.reportCertified("no reward machine with at most \(states(count))")
      case .over:
        let proved =
          count == 1 ? "nothing is proved" : "there is none with at most \(states(count - 1))"
        return make(
          .undecided(
            reason: "\(proved); the time was over after \(tree.visited) nodes of the search for"
              + " machines with \(states(count))"))
      }
      count += 1
    }
    guard let smaller else { preconditionFailure("at least one state is allowed") }
    return make(.noMachine(smaller))
  }

  private func make(_ outcome: ExpressAnswer.Outcome) -> ExpressAnswer {
    ExpressAnswer(
      kind: task.kind, formalism: .rewardMachine, discount: discount,
      rewardSupport: task.rewardSupport, outcome: outcome
    ).searched(ExpressAnswer.Search(search.alphabet, stateLimit: search.stateLimit))
  }

  private func states(_ count: Int) -> String { count == 1 ? "1 state" : "\(count) states" }

  /// The machines of one number of states.
  struct SearchTree {
    enum Outcome {
      case found(PartialMachine)
      case none([ExpressAnswer.MachineRefutation.Conflict])
      case over
    }

    private let stateCount: Int
    private let search: MachineSearch
    /// Multipliers, one a requirement, in the order in which they were found.
    private var conflicts: [[Rational]] = []
    /// The numbers of the conflicts, the last that was of use first.
    private var order: [Int] = []
    private(set) var visited = 0

    init(stateCount: Int, _ search: MachineSearch) {
      self.stateCount = stateCount
      self.search = search
    }

    mutating func walk() throws -> Outcome {
      var pending = [PartialMachine(stateCount: stateCount, reading: search.alphabet)]
      while let machine = pending.popLast() {
        visited += 1
        if search.search.isOver() { return .over }
        search.options.progress.report(
          "machines with \(search.states(stateCount)): \(visited) nodes of the search,"
            + " \(conflicts.count) conflicts")
        if try isRefuted(machine) { continue }
        guard let (place, letter) = search.features.firstOpen(in: machine) else {
          return .found(machine)
        }
        for target in (0..<min(machine.usedCount + 1, stateCount)).reversed() {
          var child = machine
          child.set(from: place, reading: letter, to: target)
          pending.append(child)
        }
      }
      return .none(conflicts.map(search.conflict))
    }

    /// Whether known multipliers, or new ones, refute all completions.
    private mutating func isRefuted(_ machine: PartialMachine) throws -> Bool {
      let features = try search.features.features(under: machine)
      let rows = search.objects.constraints.map { constraint in
        MarginProgram.Row(
          difference: features[constraint.left].minus(features[constraint.right]),
          relation: constraint.relation)
      }
      for (place, number) in order.enumerated() where cancels(conflicts[number], rows) {
        order.remove(at: place)
        order.insert(number, at: 0)
        return true
      }
      let solved = try MarginProgram(rows: rows, progress: search.options.progress).solve(
        seeksFewEntries: false)
      guard let margin = solved.margin, margin.isZero else { return false }
      order.insert(conflicts.count, at: 0)
      conflicts.append(ConflictReduction(rows: rows).minimal(solved.multipliers))
      return true
    }

    private func cancels(_ multipliers: [Rational], _ rows: [MarginProgram.Row]) -> Bool {
      var sum: RewardFeatures = [:]
      for (multiplier, row) in zip(multipliers, rows) where !multiplier.isZero {
        for (coordinate, value) in row.difference {
          sum[coordinate, default: 0] += multiplier * value
        }
      }
      return sum.values.allSatisfy(\.isZero)
    }
  }

  private func conflict(_ multipliers: [Rational]) -> ExpressAnswer.MachineRefutation.Conflict {
    zip(objects.constraints, multipliers).compactMap { constraint, multiplier in
      guard !multiplier.isZero else { return nil }
      return ExpressAnswer.WeightedRequirement(
        ExpressAnswer.Requirement(
          objects.entries[constraint.left].reference, constraint.relation,
          objects.entries[constraint.right].reference), multiplier)
    }
  }
}
