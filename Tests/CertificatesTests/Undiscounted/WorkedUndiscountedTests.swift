import Certificates
import ExactArithmetic
import MarkovDecisionProcesses
import TestSupport
import Testing

@Suite("Worked certificates without discount", .tags(.worked))
struct WorkedUndiscountedTests {
  static let reachability = """
    {"format":"rationale-certificate","version":1,"kind":"reachability-exact","objective":"reachability","direction":"maximize","goal":"goal","values":{"s":"1/2","t":"1/2","win":"1","lose":"0"},"policy":{"s":"try","t":"loop","lose":"stay"},"distance":{"s":1,"t":2,"win":0,"lose":"inf"}}
    """
  static let total = """
    {"format":"rationale-certificate","version":1,"kind":"total-exact","objective":"total","direction":"maximize","reward":"default","goal":"goal","values":{"s":"-3","t":"inf","pit":"-inf","end":"0"},"policy":{"s":"go","t":"go"},"distance":{"s":1,"t":2,"end":0},"level":{"pit":0},"ray":{"policy":{"t":"earn"},"gain":{"t":"1"},"bias":{"t":"0"}}}
    """
  static let average = """
    {"format":"rationale-certificate","version":1,"kind":"average-exact","objective":"average","direction":"maximize","reward":"default","gain":{"start":"5/4","x":"1","y":"3/2","z":"3/2"},"bias":{"start":"-7/8","x":"0","y":"3/4","z":"-3/4"},"biasWitness":{"start":"7/8","x":"0","y":"0","z":"3/4"},"policy":{"start":"right","x":"stay","y":"move","z":"move"}}
    """

  /// The examples with their models.
  private static func cases() throws -> [(String, FiniteMDP)] {
    [
      (reachability, try GoalExample.reachability()), (total, try GoalExample.total()),
      (average, try GoalExample.average()),
    ]
  }

  private func expect(
    _ text: String, _ edits: [(String, String)], _ model: FiniteMDP,
    _ isExpected: (Outcome) -> Bool
  ) {
    for (old, new) in edits {
      let edited = text.replacingOccurrences(old, new)
      #expect(edited != text, "'\(old)' is not in the example")
      let outcome = check(edited, model)
      #expect(isExpected(outcome), "\(old) → \(new): \(outcome.text)")
    }
  }

  @Test("the examples are accepted, and say what they prove")
  func examples() throws {
    for (text, model) in try Self.cases() {
      let outcome = check(text, model)
      #expect(outcome.isAccepted, "\(outcome.text)")
    }
    let (reachability, total, average) = (
      check(Self.reachability, try GoalExample.reachability()),
      check(Self.total, try GoalExample.total()), check(Self.average, try GoalExample.average())
    )
    #expect(reachability.text.contains("maximal probability of reaching the label 'goal'"))
    #expect(total.text.contains("maximal expected total reward 'default' until the label 'goal'"))
    #expect(average.text.contains("maximal long-run average of the reward 'default'"))
  }

  @Test("every written form is accepted")
  func forms() throws {
    expect(
      Self.reachability,
      [
        (#"{"s":"1/2","t":"1/2","win":"1","lose":"0"}"#, #"["2/4",0.5,"1","lose"]"#)
      ], try GoalExample.reachability(), \.isMalformed)
    expect(
      Self.reachability,
      [
        (#"{"s":"1/2","t":"1/2","win":"1","lose":"0"}"#, #"["2/4",0.5,1,"0"]"#),
        (
          #"{"s":"1/2","t":"1/2","win":"1","lose":"0"}"#,
          #"{"denominator":"4","numerators":["2","2","4","0"]}"#
        ),
        (#"{"s":"try","t":"loop","lose":"stay"}"#, #"["try","loop",null,"stay"]"#),
        (#"{"s":"try","t":"loop","lose":"stay"}"#, #"{"s":1,"t":0,"win":"stay","lose":2}"#),
        (#"{"s":1,"t":2,"win":0,"lose":"inf"}"#, #"[1,2,0,"inf"]"#),
        (#"{"s":1,"t":2,"win":0,"lose":"inf"}"#, #"[3,7,0,"inf"]"#),
        (#""direction":"maximize","#, ""), (#""objective":"reachability","#, ""),
        (#""goal":"#, #""x-note":[1],"goal":"#), (#""goal":"#, #""reward":"default","goal":"#),
      ], try GoalExample.reachability(), \.isAccepted)
    expect(
      Self.total,
      [
        (#"{"s":"-3","t":"inf","pit":"-inf","end":"0"}"#, #"["-6/2","inf","-inf",0]"#),
        (#"{"s":"go","t":"go"}"#, #"["go",0,null,null]"#),
        (#"{"s":1,"t":2,"end":0}"#, #"[1,2,null,0]"#),
        (#"{"s":1,"t":2,"end":0}"#, #"[1,2,"inf",0]"#),
        (#"{"pit":0}"#, #"[null,null,4,null]"#),
        (#"{"t":"earn"}"#, #"[null,"earn",null,null]"#), (#"{"t":"1"}"#, #"[null,"1",null,null]"#),
        (#"{"t":"0"}"#, "{}"), (#"{"t":"1"}"#, #"{"t":"1/7"}"#),
      ], try GoalExample.total(), \.isAccepted)
    expect(
      Self.average,
      [
        (#"{"start":"5/4","x":"1","y":"3/2","z":"3/2"}"#, #"["5/4",1,1.5,"6/4"]"#),
        (
          #"{"start":"-7/8","x":"0","y":"3/4","z":"-3/4"}"#,
          #"{"denominator":"16","numerators":["-14","0","12","-12"]}"#
        ),
        (
          #""biasWitness":{"start":"7/8","x":"0","y":"0","z":"3/4"},"#, ""
        ),
        (
          #"{"start":"7/8","x":"0","y":"0","z":"3/4"}"#,
          #"{"start":"15/8","x":"1","y":"1","z":"7/4"}"#
        ),
        (#"{"start":"right","x":"stay","y":"move","z":"move"}"#, "[1,2,3,3]"),
      ], try GoalExample.average(), \.isAccepted)
  }

  @Test("another bias proves the gain, but not with the witness of the first")
  func otherBias() throws {
    let model = try GoalExample.average()
    let shifted = Self.average.replacingOccurrences(
      #"{"start":"-7/8","x":"0","y":"3/4","z":"-3/4"}"#,
      #"{"start":"1/8","x":"1","y":"7/4","z":"1/4"}"#)
    #expect(check(shifted, model).isRejected)
    let alone = shifted.replacingOccurrences(
      #""biasWitness":{"start":"7/8","x":"0","y":"0","z":"3/4"},"#, "")
    #expect(check(alone, model).isAccepted)
  }

  @Test("false fixed points and spoiled fields are rejected", .tags(.mutation))
  func rejected() throws {
    expect(
      Self.reachability,
      [
        (#"{"s":"1/2","t":"1/2","win":"1","lose":"0"}"#, #"["1","1","1","0"]"#),
        (#""maximize""#, #""minimize""#), (#""goal":"goal""#, #""goal":"none""#),
        (#""goal":"goal""#, #""goal":"all""#), (#""goal":"goal""#, #""goal":"nowhere""#),
        (#""s":1,"#, #""s":2,"#), (#""s":1,"#, #""s":0,"#), (#""s":1,"#, #""s":"inf","#),
        (#""t":2,"#, #""t":1,"#), (#""win":0"#, #""win":1"#), (#""win":0"#, #""win":"inf""#),
        (#""lose":"inf""#, #""lose":3"#), (#""s":"try""#, #""s":"loop""#),
        (#""t":"loop""#, #""t":"try""#), (#","lose":"stay""#, ""), (#""t":"1/2","#, ""),
        (#""t":2,"#, ""), (#""win":"1""#, #""win":"2""#),
        (#""win":"1""#, #""win":"1/2""#), (#""lose":"0""#, #""lose":"1/10""#),
        (#""objective":"reachability""#, #""objective":"total""#),
        (#""goal":"#, #""reward":"none","goal":"#),
      ], try GoalExample.reachability(), \.isRejected)
    expect(
      Self.total,
      [
        (#""s":"-3""#, #""s":"0""#), (#""s":"-3""#, #""s":"-4""#), (#""s":"-3""#, #""s":"inf""#),
        (#""s":"-3""#, #""s":"-inf""#), (#""t":"inf""#, #""t":"0""#),
        (#""t":"inf""#, #""t":"-inf""#), (#""pit":"-inf""#, #""pit":"0""#),
        (#""end":"0""#, #""end":"1""#), (#""end":"0""#, #""end":"inf""#),
        (#""maximize""#, #""minimize""#), (#""goal":"goal""#, #""goal":"none""#),
        (#""s":"go""#, #""s":"wait""#), (#""s":"go""#, #""s":"leap""#),
        (#""policy":{"s":"go","t":"go"}"#, #""policy":{"s":"go"}"#), (#""s":1"#, #""s":3"#),
        (#""s":1"#, #""s":0"#), (#""s":1,"#, ""), (#""end":0"#, #""end":1"#),
        (#"{"pit":0}"#, "{}"), (#""gain":{"t":"1"}"#, #""gain":{"t":"2"}"#),
        (#""gain":{"t":"1"}"#, #""gain":{"t":"0"}"#),
        (#""gain":{"t":"1"}"#, #""gain":{"t":"1","end":"1"}"#),
        (#""policy":{"t":"earn"}"#, #""policy":{"t":"go"}"#),
        (#""policy":{"t":"earn"}"#, #""policy":{}"#), (#""default""#, #""other""#),
      ], try GoalExample.total(), \.isRejected)
    expect(
      Self.total.replacingOccurrences(#""s":"-3""#, #""s":"0""#),
      [(#""s":"go""#, #""s":"wait""#)], try GoalExample.total(), \.isRejected)
    expect(
      Self.average,
      [
        (#""start":"5/4""#, #""start":"1""#), (#""start":"5/4""#, #""start":"3/2""#),
        (#""x":"1""#, #""x":"2""#), (#""start":"right""#, #""start":"left""#),
        (#""maximize""#, #""minimize""#), (#""start":"-7/8""#, #""start":"-6/8""#),
        (#""y":"3/4""#, #""y":"1""#), (#""z":"3/4"}"#, #""z":"1"}"#),
        (#""start":"7/8""#, #""start":"1""#), (#""z":"move""#, #""z":"stay""#),
        (#","z":"move""#, ""), (#""default""#, #""none""#),
      ], try GoalExample.average(), \.isRejected)
  }

  @Test("minimal reachability needs a distance that every action decreases")
  func minimum() throws {
    let model = try GoalExample.reachability()
    let wrong = """
      {"format":"rationale-certificate","version":1,"kind":"reachability-exact","direction":"minimize","goal":"goal","values":{"s":"1/2","t":"1/2","win":"1","lose":"0"},"policy":{"s":"try","t":"loop","lose":"stay"},"distance":{"s":1,"t":2,"win":0,"lose":"inf"}}
      """
    #expect(check(wrong, model).isRejected)
    let right = wrong.replacingOccurrences(#""s":"1/2","t":"1/2""#, #""s":"0","t":"0""#)
      .replacingOccurrences(#""s":"try""#, #""s":"loop""#)
      .replacingOccurrences(#""s":1,"t":2"#, #""s":"inf","t":"inf""#)
    #expect(check(right, model).isAccepted, "\(check(right, model).text)")
  }

  @Test("bounds are accepted where they hold, and rejected crossed")
  func enclosures() throws {
    let model = try GoalExample.reachability()
    let bounds = """
      {"format":"rationale-certificate","version":1,"kind":"reachability-enclosed","goal":"goal","lower":["1/2","1/2","1","0"],"upper":["3/4","3/4","1","1/2"],"policy":["try","loop",null,"stay"],"distance":[1,2,0,"inf"]}
      """
    #expect(check(bounds, model).isAccepted, "\(check(bounds, model).text)")
    let crossed = bounds.replacingOccurrences("lower", "x").replacingOccurrences("upper", "lower")
      .replacingOccurrences(#""x""#, #""upper""#)
    #expect(check(crossed, model).isRejected)
    let total = Self.total.replacingOccurrences("total-exact", "total-enclosed")
      .replacingOccurrences(
        #""values":{"s":"-3","t":"inf","pit":"-inf","end":"0"}"#,
        #""lower":{"s":"-4","t":"inf","pit":"-inf","end":"0"},"upper":["5","inf","-inf","0"]"#)
    #expect(check(total, try GoalExample.total()).isAccepted)
    let average = """
      {"format":"rationale-certificate","version":1,"kind":"average-enclosed","reward":"default","lower":{"gain":["1","1","3/2","3/2"],"bias":["0","0","3/4","-3/4"]},"upper":{"gain":["3/2","3/2","3/2","3/2"],"bias":["100","0","3/4","-3/4"]},"policy":["right","stay","move","move"]}
      """
    let outcome = check(average, try GoalExample.average())
    #expect(outcome.isAccepted, "\(outcome.text)")
  }

  @Test("reaching within steps", .tags(.worked))
  func bounded() throws {
    let model = try GoalExample.reachability()
    let text = """
      {"format":"rationale-certificate","version":1,"kind":"reachability-bounded","goal":"goal","steps":2,"values":[["1/2","1/2","1","0"],["1/2","0","1","0"],["0","0","1","0"]],"policy":[{"s":"try","t":"loop","lose":"stay"},["try","loop",null,"stay"]]}
      """
    #expect(check(text, model).isAccepted, "\(check(text, model).text)")
    expect(
      text,
      [
        (#""steps":2"#, #""steps":1"#), (#"["1/2","0","1","0"]"#, #"["1/2","1/2","1","0"]"#),
        (#"["0","0","1","0"]]"#, #"["0","0","0","0"]]"#), (#"{"s":"try""#, #"{"s":"loop""#),
        (#""goal":"goal""#, #""goal":"goal","direction":"minimize""#),
        (#"["1/2","1/2","1","0"]"#, #"["1/2","1/2","1/2","0"]"#),
        (#"null,"stay"]"#, #"null,null]"#),
      ], model, \.isRejected)
  }

  @Test("what is no certificate is malformed")
  func malformed() throws {
    for (text, model) in try Self.cases() {
      expect(
        text,
        [
          (#""direction":"#, #""colour":1,"direction":"#), (#""version":1"#, #""version":2"#),
          (#""maximize""#, #""up""#),
        ], model, \.isMalformed)
    }
    expect(
      Self.reachability,
      [
        (#""goal":"goal","#, ""), (#""lose":"inf""#, #""lose":-1"#),
        (#""lose":"inf""#, #""lose":null"#), (#""values""#, #""x-values""#),
        (#""distance""#, #""x-distance""#), (#""policy""#, #""x-policy""#),
        (#""s":"1/2""#, #""s":"inf""#), (#""s":"1/2""#, #""s":"1/0""#),
      ], try GoalExample.reachability(), \.isMalformed)
    expect(
      Self.total,
      [
        (#""reward":"default","#, ""), (#""level""#, #""x-level""#), (#""ray""#, #""x-ray""#),
        (#""gain":{"t":"1"},"#, ""), (#""ray":{"#, #""ray":{"colour":1,"#),
        (#""s":"-3""#, #""s":"+inf""#),
      ], try GoalExample.total(), \.isMalformed)
  }
}

extension String {
  /// All occurrences, without Foundation's locale.
  fileprivate func replacingOccurrences(_ old: String, _ new: String) -> String {
    split(separator: old, omittingEmptySubsequences: false).joined(separator: new)
  }
}
