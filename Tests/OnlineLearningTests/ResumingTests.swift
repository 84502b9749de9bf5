import ExactArithmetic
import Foundation
import MarkovDecisionProcesses
import RegretBounds
import Synchronization
import TestSupport
import Testing

@testable import OnlineLearning

@Suite("Runs that are stopped and go on")
struct ResumingTests {
  /// Runs with ever longer pieces until it is done; each archive goes through the bytes of a file.
  private func inPieces<Run>(
    _ subject: [String: String], _ learn: (ProgressHandler, RunArchive) throws -> [Run]
  ) throws -> (runs: [Run], stops: Int) {
    var archive = RunArchive(subject: subject)
    for stops in 0..<60 {
      let patience = 3 + stops * stops * stops
      let asked = Mutex(0)
      let progress = ProgressHandler(stopReason: {
        asked.withLock { count in
          count += 1
          return count > patience ? .cancelled : nil
        }
      })
      do {
        return (try learn(progress, archive), stops)
      } catch is Interrupted {
        archive = try RunArchive(reading: archive.contents(), subject: subject)
      }
    }
    Issue.record("the runs do not end")
    return ([], 0)
  }

  private func check<Run: Equatable>(
    _ subject: [String: String], _ learn: (ProgressHandler, RunArchive?) throws -> [Run]
  ) throws {
    let whole = try learn(.none, nil)
    let (runs, stops) = try inPieces(subject) { try learn($0, $1) }
    #expect(stops > 1, "\(stops) stops")
    #expect(runs == whole)
  }

  private func mixture(offset: Bool) throws -> MixtureExperiment {
    var options = MixtureExperiment.Options()
    options.usesOffsetForm = offset
    return try MixtureExperiment(
      ThreeStateMixture.model(), reward: "default", basis: ThreeStateMixture.kernels(),
      horizon: 3, start: State(0), options: options)
  }

  @Test("ucrl-vtr and ucrl-vtr+", arguments: [false, true])
  func mixtures(offset: Bool) throws {
    let experiment = try mixture(offset: offset)
    try check(experiment.subject(episodes: 25)) {
      try experiment.runs(episodes: 25, seeds: 3, progress: $0, archive: $1)
    }
    let weighted = WeightedMixtureExperiment(experiment)
    try check(experiment.subject(episodes: 25)) {
      try weighted.runs(episodes: 25, seeds: 2, progress: $0, archive: $1)
    }
  }

  @Test("ucrl-rfe and hf-ucrl-rfe++")
  func exploration() throws {
    let experiment = try RewardFreeExperiment(
      ThreeStateMixture.model(), basis: ThreeStateMixture.kernels(), horizon: 3, start: State(0))
    try check(experiment.subject(episodes: 20)) {
      try experiment.runs(episodes: 20, seeds: 2, progress: $0, archive: $1)
    }
    let moments = try ThreeStateMixture.momentExperiment(episodes: 15)
    try check(moments.subject) { try moments.runs(seeds: 2, progress: $0, archive: $1) }
  }

  @Test("uclk")
  func discounted() throws {
    let experiment = try DiscountedMixtureExperiment(
      ThreeStateMixture.model(), reward: "default", basis: ThreeStateMixture.kernels(),
      discount: Rational(4, 5), start: State(0))
    try check(experiment.subject(steps: 900)) {
      try experiment.runs(steps: 900, seeds: 2, progress: $0, archive: $1)
    }
  }

  @Test("loop")
  func finiteClass() throws {
    let models = try ["1/4", "1/2", "3/4"].map { chance in
      try TinyModel.read(
        "home safe → home | 2/5; home go → away:\(chance), home:\(1 - #require(Rational(chance)))"
          + " | 0; away go → home:1/2, away:1/2 | 1")
    }
    let hypotheses = try HypothesisClass(models, reward: "default")
    let experiment = try FiniteClassExperiment(
      hypotheses, model: models[0], reward: "default", start: State(0))
    try check(experiment.subject(steps: 12_000)) {
      try experiment.runs(steps: 12_000, seeds: 2, progress: $0, archive: $1)
    }
  }

  @Test(
    "learners of tables",
    arguments: [
      (TabularExperiment.Algorithm.ucrl2, nil, 60_000), (.psrl, nil, 60_000),
      (.qLearning, nil, 60_000), (.ucbvi, 3, 40), (.psrl, 3, 40), (.qLearning, 3, 40),
    ] as [(TabularExperiment.Algorithm, Int?, Int)])
  func tables(algorithm: TabularExperiment.Algorithm, horizon: Int?, count: Int) throws {
    let model = try ModelFamily("riverswim", options: ["states": "4"]).model()
    let experiment = try TabularExperiment(
      algorithm, on: model, reward: "default", horizon: horizon, start: State(0))
    try check(experiment.subject(count)) {
      try experiment.runs(count, seeds: 2, progress: $0, archive: $1)
    }
  }

  // MARK: - Files

  private func stopped() throws -> (experiment: MixtureExperiment, bytes: [UInt8]) {
    let experiment = try mixture(offset: false)
    let archive = RunArchive(subject: experiment.subject(episodes: 30))
    let asked = Mutex(0)
    let progress = ProgressHandler(stopReason: {
      asked.withLock { count in
        count += 1
        return count > 12 ? .timeLimit : nil
      }
    })
    #expect(throws: Interrupted(.timeLimit)) {
      try experiment.runs(episodes: 30, seeds: 2, progress: progress, archive: archive)
    }
    return (experiment, try archive.contents())
  }

  @Test("what is no state, is damaged, or is about other runs is refused", .tags(.mutation))
  func refusals() throws {
    let (experiment, bytes) = try stopped()
    let subject = experiment.subject(episodes: 30)
    #expect(throws: ArchiveError.noArchive) {
      try RunArchive(reading: Array("{}\n".utf8), subject: subject)
    }
    #expect(throws: ArchiveError.noArchive) { try RunArchive(reading: [], subject: subject) }
    #expect(throws: ArchiveError.damaged) {
      try RunArchive(reading: bytes.dropLast(3), subject: subject)
    }
    let digit = try #require(bytes.lastIndex { (48...56).contains($0) })
    var changed = bytes
    changed[digit] += 1
    #expect(throws: ArchiveError.damaged) {
      try RunArchive(reading: changed, subject: subject)
    }
    let text = String(decoding: bytes, as: UTF8.self)
    let later = text.replacingOccurrences(of: "\"version\":1}", with: "\"version\":2}")
    #expect(throws: ArchiveError.version(2)) {
      try RunArchive(reading: Array(later.utf8), subject: subject)
    }
    #expect(
      throws: ArchiveError.otherSubject(key: "episodes", there: "30", here: "31")
    ) {
      try RunArchive(reading: bytes, subject: experiment.subject(episodes: 31))
    }
    let other = try mixture(offset: true).subject(episodes: 30)
    #expect(throws: ArchiveError.self) { try RunArchive(reading: bytes, subject: other) }
  }

  @Test("a state of another shape is refused, whatever its checksum says", .tags(.mutation))
  func shapes() throws {
    let (experiment, bytes) = try stopped()
    let subject = experiment.subject(episodes: 30)
    let weighted = WeightedMixtureExperiment(experiment)
    // The states of one learner are not those of another.
    let archive = try RunArchive(reading: bytes, subject: subject)
    #expect(throws: ArchiveError.self) {
      try weighted.runs(episodes: 30, seeds: 2, archive: archive)
    }
    // A policy with a choice of another state; the state is there, and the archive does not mind.
    let account = MixtureAccount(experiment, episodes: 30, seed: 0)
    var memento = try #require(
      try JSONSerialization.jsonObject(
        with: JSONEncoder().encode(account.memento)) as? [String: Any])
    var ledger = try #require(memento["ledger"] as? [String: Any])
    ledger["policy"] = [[5, 5, 5], [0, 2, 4], [0, 2, 4]]
    memento["ledger"] = ledger
    let spoiled = try JSONDecoder().decode(
      MixtureAccount.Memento.self, from: JSONSerialization.data(withJSONObject: memento))
    var restored = MixtureAccount(experiment, episodes: 30, seed: 0)
    #expect(throws: LearningError.self) { try restored.restore(spoiled) }
  }

  @Test("models that differ in one number have different subjects")
  func subjects() throws {
    let one = try ThreeStateMixture.model()
    let other = try TinyModel.read(
      "u l → u:1/3, v:1/6, w:1/2 | 0; u r → v:2/3, w:1/3 | 0; v l → u:1/3, w:2/3 | 0;"
        + " v r → u:1/6, w:5/6 | 1/10; w l → u:1/3, w:2/3 | 1; w r → u:1/3, v:2/3 | 1/3")
    let subjects = try [one, other].map {
      try TabularExperiment(.psrl, on: $0, reward: "default", start: State(0)).subject(5)
    }
    #expect(subjects[0]["model"] != subjects[1]["model"])
    #expect(subjects[0].filter { $0.key != "model" } == subjects[1].filter { $0.key != "model" })
  }
}
