import Certificates
import ExactArithmetic
import MarkovDecisionProcesses
import TestSupport
import Testing

@Suite("Solutions without discount")
struct UndiscountedSolutionTests {
  /// A case: a solution that is true, the edits that leave it so, and those that do not.
  struct Case {
    let solution: String
    let model: FiniteMDP
    var accepted: [(String, String)] = []
    var rejected: [(String, String)] = []
    var malformed: [(String, String)] = []
  }

  private func run(_ sample: Case) {
    let plain = check(sample.solution, sample.model)
    #expect(plain.isAccepted, "\(plain.text)")
    for (edits, isExpected, name) in [
      (sample.accepted, \Outcome.isAccepted, "accepted"),
      (sample.rejected, \Outcome.isRejected, "rejected"),
      (sample.malformed, \Outcome.isMalformed, "malformed"),
    ] {
      for (old, new) in edits {
        // The claims stand before the certificate.
        let parts = sample.solution.split(separator: #","certificate""#, maxSplits: 1)
        let claims = parts[0].split(separator: old, omittingEmptySubsequences: false)
        #expect(claims.count > 1, "'\(old)' is not in the solution")
        let edited = claims.joined(separator: new) + #","certificate""# + parts[1]
        let outcome = check(edited, sample.model)
        #expect(
          outcome[keyPath: isExpected], "\(name): \(old) → \(new): \(outcome)")
      }
    }
  }

  @Test("reachability")
  func reachability() throws {
    let model = try GoalExample.reachability().starting(at: State(0))
    run(
      Case(
        solution: """
          {"format":"rationale-solution","version":1,"objective":"reachability","direction":"maximize","goal":"goal","status":"exact","method":"any","values":{"s":"1/2","t":"1/2","win":"1","lose":"0"},"valuesDecimal":{"s":"0.5","t":"0.5","win":"1.0","lose":"0.0"},"initialValue":"1/2","initialValueDecimal":"0.50","policy":{"s":"try","t":"loop","lose":"stay"},"optimalActions":{"s":["loop","try"],"t":["loop"],"lose":["stay"]},"certificate":\(WorkedUndiscountedTests.reachability)}
          """, model: model,
        accepted: [
          (#""values":{"s":"1/2","t":"1/2","win":"1","lose":"0"}"#, #""values":["1/2",0.5,1,0]"#),
          (#""status":"exact","#, ""), (#","lose":"stay"}"#, #","lose":"stay","win":"stay"}"#),
          (#"["loop","try"]"#, #"["try","loop"]"#),
          (#""policy""#, #""policyIsOptimal":true,"policy""#),
          (#""initialValue""#, #""initial":"t","initialValue""#),
        ],
        rejected: [
          (#""s":"1/2""#, #""s":"1/3""#), (#""s":"1/2""#, #""s":{"lower":"3/5","upper":"1"}"#),
          (#""s":"1/2""#, #""s":"inf""#), (#""s":"0.5""#, #""s":"0.6""#),
          (#""initialValue":"1/2""#, #""initialValue":"1""#),
          (#""initialValue":"1/2""#, #""initialValue":"inf""#),
          (#""initialValueDecimal":"0.50""#, #""initialValueDecimal":"0.51""#),
          (#""initialValue""#, #""initial":"win","initialValue""#),
          (#""objective":"reachability""#, #""objective":"total""#),
          (#""maximize""#, #""minimize""#), (#""goal":"goal""#, #""goal":"all""#),
          (#""goal":"goal""#, #""goal":"goal","horizon":3"#),
          (#""goal":"goal""#, #""goal":"goal","reward":"default""#),
          (#""goal":"goal""#, #""goal":"goal","discount":"1/2""#),
          // `loop` attains the equation at `s`, but going round never arrives.
          (#""policy":{"s":"try""#, #""policy":{"s":"loop""#), (#","lose":"stay"}"#, "}"),
          (#"["loop","try"]"#, #"["try"]"#), (#"["loop","try"]"#, #"["try","try"]"#),
          (#","lose":["stay"]"#, ""), (#","lose":["stay"]"#, #","lose":["stay"],"win":["stay"]"#),
          (#""policy""#, #""policyIsOptimal":false,"policy""#),
          (#""policy""#, #""bias":["0","0","0","0"],"policy""#),
          (#""t":"1/2","#, ""), (#""lose":"0""#, #""lost":"0""#),
        ],
        malformed: [
          (#""status":"exact""#, #""status":"sure""#), (#""policy""#, #""colour":1,"policy""#),
          (#""s":"1/2""#, #""s":null"#),
        ]))
  }

  @Test("bounds prove no exact value and no optimal action")
  func bounds() throws {
    let model = try GoalExample.reachability().starting(at: State(0))
    run(
      Case(
        solution: """
          {"format":"rationale-solution","version":1,"objective":"reachability","goal":"goal","status":"enclosed","values":{"s":{"lower":"1/2","upper":"3/4"},"t":{"lower":"0","upper":"1"},"win":"1","lose":{"lower":"0","upper":"1/2"}},"initialValue":{"lower":"1/2","upper":"3/4"},"policy":["try","loop",null,"stay"],"policyIsOptimal":false,"undecided":["s"],"certificate":{"format":"rationale-certificate","version":1,"kind":"reachability-enclosed","goal":"goal","lower":["1/2","1/2","1","0"],"upper":["3/4","3/4","1","1/2"],"policy":["try","loop",null,"stay"],"distance":[1,2,0,"inf"]}}
          """, model: model,
        accepted: [(#""undecided":["s"]"#, #""undecided":["t","s"]"#)],
        rejected: [
          (#""status":"enclosed""#, #""status":"exact""#),
          (#"{"lower":"1/2","upper":"3/4"},"t""#, #"{"lower":"5/8","upper":"3/4"},"t""#),
          (#"{"lower":"1/2","upper":"3/4"},"t""#, #""1/2","t""#),
          (#""policyIsOptimal":false"#, #""policyIsOptimal":true"#),
          (#""undecided":["s"]"#, #""undecided":[]"#),
          (#""policy":"#, #""optimalActions":{"s":["try"]},"policy":"#),
          (#""initialValue":{"lower":"1/2","upper":"3/4"}"#, #""initialValue":"1/2""#),
        ]))
    // Without values an exact initial value between the bounds is taken, and said not to be proved.
    let initial = """
      {"format":"rationale-solution","version":1,"objective":"reachability","goal":"goal","status":"exact","initialValue":"5/8","certificate":{"format":"rationale-certificate","version":1,"kind":"reachability-enclosed","goal":"goal","lower":["1/2","1/2","1","0"],"upper":["3/4","3/4","1","1/2"],"policy":["try","loop",null,"stay"],"distance":[1,2,0,"inf"]}}
      """
    let outcome = check(initial, model)
    #expect(outcome.isAccepted && outcome.text.contains("only the bounds are proved"))
    run(
      Case(
        solution: initial, model: model, accepted: [],
        rejected: [
          (#""initialValue":"5/8""#, #""initialValue":"4/5""#), (#""5/8""#, #""inf""#),
        ]))
  }

  @Test("reachability within steps")
  func bounded() throws {
    let model = try GoalExample.reachability().starting(at: State(0))
    run(
      Case(
        solution: """
          {"format":"rationale-solution","version":1,"objective":"reachability","direction":"maximize","goal":"goal","horizon":2,"status":"exact","values":{"s":"1/2","t":"1/2","win":"1","lose":"0"},"initialValue":"1/2","policy":[{"s":"try","t":"loop","lose":"stay"},{"s":"try","t":"loop","lose":"stay"}],"optimalActions":[{"s":["try"],"t":["loop"],"lose":["stay"]},{"s":["try"],"t":["loop"],"lose":["stay"]}],"certificate":{"format":"rationale-certificate","version":1,"kind":"reachability-bounded","goal":"goal","steps":2,"values":[["1/2","1/2","1","0"],["1/2","0","1","0"],["0","0","1","0"]],"policy":[["try","loop",null,"stay"],["try","loop",null,"stay"]]}}
          """, model: model,
        rejected: [
          (#""horizon":2"#, #""horizon":3"#), (#""t":"1/2""#, #""t":"0""#),
          (#""policy":[{"s":"try""#, #""policy":[{"s":"loop""#),
          (#""optimalActions":[{"s":["try"]"#, #""optimalActions":[{"s":["try","loop"]"#),
          (#","lose":"stay"}]"#, "}]"), (#",{"s":"try","t":"loop","lose":"stay"}"#, ""),
        ], malformed: [(#""policy":["#, #""policy":[1,"#)]))
  }

  @Test("total reward, with infinite values")
  func total() throws {
    let model = try GoalExample.total().starting(at: State(0))
    run(
      Case(
        solution: """
          {"format":"rationale-solution","version":1,"objective":"total","direction":"maximize","reward":"default","goal":"goal","status":"exact","values":{"s":"-3","t":"inf","pit":"-inf","end":"0"},"valuesDecimal":{"s":"-3.00","t":"inf","pit":"-inf","end":"0.00"},"initialValue":"-3","policy":{"s":"go","t":"go"},"optimalActions":{"s":["go","wait"]},"certificate":\(WorkedUndiscountedTests.total)}
          """, model: model,
        accepted: [
          (#""t":"go"}"#, #""t":"go","pit":"stay","end":"stay"}"#),
          (
            #""initialValue":"-3""#,
            #""initial":[["s","1/2"],["end","1/2"]],"initialValue":"-3/2""#
          ),
          (#""initialValue":"-3""#, #""initial":[["s","1/2"],["t","1/2"]],"initialValue":"inf""#),
          (
            #""initialValue":"-3""#,
            #""initial":[["pit","1/2"],["t","1/2"]],"initialValue":"-inf""#
          ),
          (
            #""initialValue":"-3""#,
            #""initial":[["s","1"],["t","0"]],"initialValue":"-3""#
          ),
          (#""t":"inf","pit":"-inf","end":"0.00""#, #""end":"0.00""#),
        ],
        rejected: [
          (#""values":{"s":"-3""#, #""values":{"s":"-2""#),
          (#"{"s":"-3","t":"inf""#, #"{"s":"-3","t":"-inf""#),
          (#"{"s":"-3","t":"inf""#, #"{"s":"-3","t":"100""#),
          (#""pit":"-inf","end":"0.00""#, #""pit":"inf","end":"0.00""#),
          (#""initialValue":"-3""#, #""initialValue":"-inf""#),
          (
            #""initialValue":"-3""#,
            #""initial":[["pit","1/2"],["t","1/2"]],"initialValue":"inf""#
          ),
          (#""policy":{"s":"go""#, #""policy":{"s":"wait""#), (#","t":"go"}"#, "}"),
          (#"["go","wait"]"#, #"["go"]"#), (#"{"s":["go","wait"]}"#, "{}"),
          (#"["go","wait"]}"#, #"["go","wait"],"t":["earn"]}"#), (#""default""#, #""other""#),
          (#""goal":"goal""#, #""goal":"none""#), (#""maximize""#, #""minimize""#),
        ]))
  }

  @Test("average reward, with bias and span")
  func average() throws {
    let model = try GoalExample.average().starting(at: State(0))
    let sample = Case(
      solution: """
        {"format":"rationale-solution","version":1,"objective":"average","direction":"maximize","reward":"default","status":"exact","gain":{"start":"5/4","x":"1","y":"3/2","z":"3/2"},"gainDecimal":["1.2","1.0","1.5","1.5"],"bias":{"start":"-7/8","x":"0","y":"3/4","z":"-3/4"},"span":"13/8","spanDecimal":"1.62","biasOptimal":true,"initialValue":"5/4","policy":{"start":"right","x":"stay","y":"move","z":"move"},"optimalActions":{"start":["right"],"x":["stay"],"y":["move"],"z":["move"]},"certificate":\(WorkedUndiscountedTests.average)}
        """, model: model,
      accepted: [
        (#""biasOptimal":true"#, #""biasOptimal":false"#), (#""biasOptimal":true,"#, ""),
      ],
      rejected: [
        (#""gainDecimal":["1.2""#, #""gainDecimal":["1.3""#),
        (#""start":"5/4""#, #""start":"1""#), (#""start":"-7/8""#, #""start":"-3/4""#),
        (#""span":"13/8""#, #""span":"3/2""#), (#""spanDecimal":"1.62""#, #""spanDecimal":"1.7""#),
        (#""initialValue":"5/4""#, #""initialValue":"1""#), (#"["right"]"#, #"["left"]"#),
        (#"["right"]"#, #"["left","right"]"#), (#""start":"right""#, #""start":"left""#),
        (#""gain":"#, #""values":{"start":"1"},"gain":"#), (#","z":"move"}"#, "}"),
      ])
    run(sample)
    // Without the witness no bias is proved.
    let text = sample.solution.split(
      separator: #""biasWitness":{"start":"7/8","x":"0","y":"0","z":"3/4"},"#
    ).joined()
    #expect(check(text, model).isRejected)
  }

  /// C8: four ways of one gain and bias. `w` of the way `a` fails at `c` by 1.
  @Test("a witness that the third equation does not hold for proves no best bias", .tags(.worked))
  func biasOptimality() throws {
    let model = try TinyModel.read(
      """
      s a → end | 1; s b → b1 | 0; s c → c1 | 2; s d → d1 | 3
      b1 a → end | 1; c1 a → end | -1; d1 a → d2 | -5; d2 a → end | 3; end a → end | 0
      """)
    let certificate = { (action: String, witness: String) in
      """
      {"format":"rationale-solution","version":1,"objective":"average","reward":"default","biasOptimal":true,"bias":["1","1","-1","-2","3","0"],"certificate":{"format":"rationale-certificate","version":1,"kind":"average-exact","reward":"default","gain":["0","0","0","0","0","0"],"bias":["1","1","-1","-2","3","0"],"biasWitness":\(witness),"policy":["\(action)","a","a","a","a","a"]}}
      """
    }
    // w(end) = 0, and h + w = P w backwards: w = −(sum of the biases on the way).
    let byA = check(certificate("a", #"["-1","-1","1","-1","-3","0"]"#), model)
    #expect(byA.isRejected && byA.text.contains("third optimality equation"), "\(byA.text)")
    let byC = check(certificate("c", #"["0","-1","1","-1","-3","0"]"#), model)
    #expect(byC.isAccepted, "\(byC.text)")
  }
}
