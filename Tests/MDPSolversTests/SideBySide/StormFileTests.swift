import ExactArithmetic
import Foundation
import MarkovDecisionProcesses
import TestSupport
import Testing

@Suite("Side by side with Storm: files", .enabled(if: Storm.isInstalled, Storm.missing))
struct StormFileTests {
  /// Programs with what Storm's files can hold: a reward without a name beside a named one, a
  /// choice label twice at a state, choices without one, booleans, deadlocks, no reward at all.
  private static let programs = [
    """
    mdp
    module m
     s:[0..3] init 0; b: bool init false;
     [go] s=0 -> 1/3:(s'=1)+2/3:(s'=2);
     [go] s=0 -> 1/7:(s'=1)+6/7:(s'=3);
     [] s=0 -> (s'=3);
     [a] s=1 -> 0.1:(s'=3)+0.9:(b'=true);
     [stay] s=2 -> true;
    endmodule
    rewards s=0:1/3; [go] s=0:5; [a] true : 2; endrewards
    rewards "steps" true:1; endrewards
    label "goal"=s=3;
    """,
    """
    dtmc
    module die
     s : [0..7] init 0; d : [0..6] init 0;
     [flip] s=0 -> 0.5 : (s'=1) + 0.5 : (s'=2);
     [flip] s=1 -> 0.5 : (s'=3) + 0.5 : (s'=4);
     [] s=2 -> 0.5 : (s'=5) + 0.5 : (s'=6);
     [] s=3 -> 0.5 : (s'=1) + 0.5 : (s'=7) & (d'=1);
     [] s=4 -> 0.5 : (s'=7) & (d'=2) + 0.5 : (s'=7) & (d'=3);
     [] s=5 -> 0.5 : (s'=7) & (d'=4) + 0.5 : (s'=7) & (d'=5);
     [] s=6 -> 0.5 : (s'=2) + 0.5 : (s'=7) & (d'=6);
     [] s=7 -> 1: (s'=7);
    endmodule
    rewards [flip] true : 3/7; endrewards
    label "goal" = s=7 & d=6;
    """,
    """
    mdp
    module m
     x:[0..4] init 2;
     [left] x>0 -> 1/1000000:(x'=0) + 999999/1000000:(x'=x-1);
     [right] x<4 -> 1/3:(x'=x) + 2/3:(x'=x+1);
    endmodule
    label "goal" = x=4;
    label "low" = x=0;
    """,
    """
    dtmc
    module m
     x:[0..2] init 0;
     [] x=0 -> 1/3:(x'=1)+2/3:(x'=2);
    endmodule
    rewards "a" x=0:2; endrewards
    rewards "b" x>0:1/9; endrewards
    label "goal" = x=2;
    """,
  ]

  private static let formulas = ["Pmax=? [F \"goal\"]", "Pmin=? [F<=3 \"goal\"]"]

  /// Rows with expected rewards, by state numbers and the names of actions and rewards.
  private static func rows(_ model: FiniteMDP) -> [String] {
    let rewards = model.rewards.map { ($0.name, $0.function.expected(in: model)) }
      .sorted { $0.0 < $1.0 }
    let rows = (0..<model.choiceCount).map(Choice.init).map { choice in
      let law = model.transitions(of: choice).map { "\($0.successor.index):\($0.probability)" }
      let parts = rewards.map { ($0.0, $0.1[Int(choice.index)]) }.filter { !$0.1.isZero }
      return
        "\(model.state(of: choice).index) \(model.actions[Int(model.action(of: choice).index)])"
        + " \(law.sorted()) \(parts.map { "\($0.0)=\($0.1)" })"
    }
    return rows.sorted()
  }

  private static func labels(_ model: FiniteMDP) -> [String: [Int]] {
    var labels = Dictionary(
      uniqueKeysWithValues: model.labels.map { ($0.name, $0.states.map { Int($0.index) }) })
    labels["init"] = model.initial?.map { Int($0.state.index) }
    return labels.filter { !$0.value.isEmpty }
  }

  @Test("what Storm builds and exports is read, and written back as the same", .tags(.differential))
  func exported() throws {
    let folder = try StormFolder()
    var jobs: [Storm.Job] = []
    for program in Self.programs {
      for (exact, full) in [(true, true), (true, false), (false, true), (false, false)] {
        let path = folder.url.appending(path: "\(jobs.count).drn").path(percentEncoded: false)
        jobs.append(
          Storm.Job(prism: program, exact: exact, full: full, export: path, formulas: Self.formulas)
        )
      }
    }
    let answers = try Storm.answers(to: jobs, in: folder.url)
    var sides = SideBySide(folder: folder.url)
    for (job, answer) in zip(jobs, answers) {
      let path = try #require(job.export)
      let options = ReadOptions(normalizes: !job.exact)
      let model = try ModelFile.read(path, options: options).model
      #expect(Self.labels(model) == answer.labels.filter { !$0.value.isEmpty })
      let names = answer.rewards.map { $0.isEmpty ? "default" : $0 }
      #expect(model.rewards.map(\.name).sorted() == names.sorted())
      #expect(model.states.isCount == !job.full)
      for (choice, own) in (answer.actions ?? []).enumerated() where !own.isEmpty && job.full {
        let name = model.actions[Int(model.action(of: Choice(choice)).index)]
        #expect(name == own.joined() || name.hasPrefix(own.joined() + "."))
      }
      guard job.exact else { continue }
      try sides.add(model)
      for (formula, outcome) in zip(job.formulas, answer.values) {
        guard case .values(let values) = outcome else { continue }
        sides.ask(formula, ours: values, path)
      }
    }
    #expect(try sides.compare().count > 50)
  }

  @Test("what Storm exports of our files is the same model", .tags(.differential))
  func reexported() throws {
    let folder = try StormFolder()
    var (jobs, models): ([Storm.Job], [FiniteMDP]) = ([], [])
    try StormModels.forEach(seeds: 100..<150) { model, _ in
      let path = folder.url.appending(path: "\(jobs.count).drn").path(percentEncoded: false)
      var bytes: [UInt8] = []
      try ModelFile.write(model, as: .drn) { bytes += $0 }
      try Data(bytes).write(to: URL(filePath: path))
      jobs.append(Storm.Job(drn: path, export: path + ".storm.drn"))
      models.append(model)
    }
    let answers = try Storm.answers(to: jobs, in: folder.url)
    for ((job, model), answer) in zip(zip(jobs, models), answers) {
      let ours = try ModelFile.read(try #require(job.drn)).model
      let theirs = try ModelFile.read(try #require(job.export)).model
      #expect(Self.rows(ours) == Self.rows(model) && Self.rows(theirs) == Self.rows(model))
      #expect(Self.labels(ours) == answer.labels)
      // A law over several states stands in a comment, which Storm leaves out.
      let isLaw = answer.labels["init"]?.count != 1
      #expect(Self.labels(theirs) == Self.labels(ours).filter { $0.key != "init" || !isLaw })
      #expect(ours.initial?.count == model.initial?.count)
      #expect(Array(ours.states.names) == Array(model.states.names))
      #expect(answer.rewards == ["cost", "main"])
    }
  }
}
