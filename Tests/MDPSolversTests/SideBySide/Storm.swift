import ExactArithmetic
import Foundation
import MarkovDecisionProcesses
import TestSupport
import Testing

/// Storm's exact engine through its Python package, where that is installed.
enum Storm {
  /// A model to look at; see `scripts/storm_answers.py`.
  struct Job: Encodable {
    var drn: String?
    var prism: String?
    var exact = true
    var full = true
    var export: String?
    var formulas: [String] = []
  }

  struct Answer: Decodable {
    let type: String
    let labels: [String: [Int]]
    let rewards: [String]
    let actions: [[String]]?
    let values: [Outcome]
  }

  enum Outcome: Decodable, Equatable {
    /// One entry a state: a fraction or `inf`.
    case values([String])
    case refused(String)

    init(from decoder: any Decoder) throws {
      let container = try decoder.singleValueContainer()
      if let values = try? container.decode([String].self) {
        self = .values(values)
      } else {
        self = .refused(try container.decode(String.self))
      }
    }
  }

  static let missing: Comment = "python3 has no package stormpy"

  static let isInstalled = (try? run(["-c", "import stormpy"])) == 0

  /// Asks about all `jobs` in one process, whose files are in `folder`.
  static func answers(to jobs: [Job], in folder: URL) throws -> [Answer] {
    let path = folder.appending(path: "jobs.json").path(percentEncoded: false)
    try JSONEncoder().encode(jobs).write(to: URL(filePath: path))
    let status = try run([Fixture.path("scripts/storm_answers.py"), path])
    try #require(status == 0, "the script failed with \(status)")
    let answers = try Data(contentsOf: URL(filePath: path + ".answers"))
    return try JSONDecoder().decode([Answer].self, from: answers)
  }

  private static func run(_ arguments: [String]) throws -> Int32 {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = ["python3"] + arguments
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    return process.terminationStatus
  }
}

/// Questions to Storm with our answers, collected so that one process answers them all.
struct SideBySide {
  private struct Question {
    let job: Int
    let formula: Int
    let ours: [String]
    let name: String

    /// Whether all values agree with a reward of 0.
    var isWithoutReward: Bool { ours.allSatisfy { $0 == "0" || $0 == "inf" } }
  }

  let folder: URL
  private(set) var jobs: [Storm.Job] = []
  private var questions: [Question] = []

  init(folder: URL) { self.folder = folder }

  /// Writes a model as DRN and starts a job for it.
  mutating func add(_ model: FiniteMDP, isChain: Bool = false) throws {
    var bytes: [UInt8] = []
    let options = WriteOptions(isChain: isChain)
    try ModelFile.write(model, as: .drn, options: options) { bytes += $0 }
    let path = folder.appending(path: "\(jobs.count).drn")
    try Data(bytes).write(to: path)
    jobs.append(Storm.Job(drn: path.path(percentEncoded: false)))
  }

  /// Asks about the model that was added last; `ours` are the values of its first states.
  mutating func ask(_ formula: String, ours: [String], _ name: String) {
    let place = jobs[jobs.count - 1].formulas.count
    jobs[jobs.count - 1].formulas.append(formula)
    questions.append(Question(job: jobs.count - 1, formula: place, ours: ours, name: name))
  }

  /// Runs Storm and compares.
  ///
  /// - Returns: the answers, and how many values were compared.
  func compare() throws -> (answers: [Storm.Answer], count: Int) {
    let answers = try Storm.answers(to: jobs, in: folder)
    var count = 0
    for question in questions {
      let formula = jobs[question.job].formulas[question.formula]
      let theirs: [String]
      switch answers[question.job].values[question.formula] {
      case .values(let values): theirs = values
      case .refused(let reason):
        // Storm knows no reward that is 0 everywhere.
        if reason.contains("eward model for formula"), question.isWithoutReward { continue }
        // A defect of its products with automata of one state.
        if reason.contains("Invalid item count") { continue }
        Issue.record("\(question.name), \(formula): \(reason)")
        continue
      }
      let compared = Array(theirs.prefix(question.ours.count))
      #expect(compared == question.ours, "\(question.name), \(formula)")
      count += compared.count
    }
    return (answers, count)
  }
}

extension FiniteMDP {
  /// The same choices with other rewards, one entry a choice, and the label `goal` at the last
  /// state where it has none.
  ///
  /// With a discount every step ends with probability 1 − discount in an added last state `sink`:
  /// the expected sum of rewards until then is the discounted one. That step has its reward too.
  func forStorm(
    rewards: [(name: String, values: [Rational])], discount: Rational? = nil
  ) throws -> FiniteMDP {
    let names = Array(states.names) + (discount == nil ? [] : ["sink"])
    var builder = try FiniteMDPBuilder(
      states: states.isCount ? NameTable(count: names.count) : NameTable(names, of: .state),
      actions: actions)
    let rest = discount ?? 1
    for choice in (0..<choiceCount).map(Choice.init) where !rest.isZero {
      for (successor, probability) in transitions(of: choice) {
        try builder.addTransition(
          from: state(of: choice), under: action(of: choice), to: successor,
          probability: rest * probability)
      }
    }
    if discount != nil {
      let sink = State(stateCount)
      for choice in (0..<choiceCount).map(Choice.init) {
        try builder.addTransition(
          from: state(of: choice), under: action(of: choice), to: sink, probability: 1 - rest)
      }
      try builder.addTransition(from: sink, under: Action(0), to: sink, probability: 1)
      try builder.addLabel("sink", states: [sink])
    }
    for (name, values) in rewards {
      try builder.startReward(named: name)
      for choice in (0..<choiceCount).map(Choice.init) {
        builder.addReward(
          state: state(of: choice), action: action(of: choice), successor: nil,
          value: values[Int(choice.index)])
      }
    }
    for (name, states) in labels where name != "goal" || !states.isEmpty {
      try builder.addLabel(name, states: states)
    }
    if states(labeled: "goal")?.isEmpty ?? true {
      try builder.addLabel("goal", states: [State(stateCount - 1)])
    }
    if let initial { try builder.setInitial(initial) }
    return try builder.build()
  }
}
