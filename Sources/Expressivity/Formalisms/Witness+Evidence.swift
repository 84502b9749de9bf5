// What is here: the nine counterexamples as objects: tasks where finitely many policies are enough,
// identities where a polynomial says it, arguments where neither can.
// Source: ours, after arXiv 2310.11840; proofs-notes/formalisms.md.

import Certificates
import ExactArithmetic

extension Witness {
  /// The environment, as the text of a model file.
  var modelText: String {
    switch self {
    case .unreachableState:
      Self.model(
        "\"x\",\"u\"", "\"a\",\"b\"", start: "x",
        "[\"x\",\"a\",\"x\",1],[\"u\",\"a\",\"u\",1],[\"u\",\"b\",\"u\",1]")
    case .coinIsBest:
      Self.model(
        "\"s\",\"end\"", "\"a\",\"b\"", start: "s",
        "[\"s\",\"a\",\"end\",1],[\"s\",\"b\",\"end\",1],[\"end\",\"a\",\"end\",1]")
    case .twoRoads: Self.roads
    case .lexicographic, .uniformIsBest, .threeLevels:
      Self.model(
        "\"s\"", "\"a\",\"b\",\"c\"", start: "s",
        "[\"s\",\"a\",\"s\",1],[\"s\",\"b\",\"s\",1],[\"s\",\"c\",\"s\",1]")
    case .conditionalChoice:
      Self.model(
        "\"s\",\"X\",\"Y\"", "\"stay\",\"x\",\"y\"", start: "s",
        """
        ["s","stay","s",1],["s","x","X",1],["s","y","Y",1],["X","stay","X",1],["Y","stay","Y",1]
        """)
    case .eventually:
      Self.model(
        "\"s\",\"g\"", "\"stay\",\"go\"", start: "s",
        "[\"s\",\"stay\",\"s\",1],[\"s\",\"go\",\"g\",1],[\"g\",\"stay\",\"g\",1]")
    case .firstAction:
      Self.model(
        "\"s\",\"g\"", "\"a\",\"b\"", start: "s",
        "[\"s\",\"a\",\"g\",1],[\"s\",\"b\",\"g\",1],[\"g\",\"a\",\"g\",1]",
        more: "\"labeledTransitions\":[[\"s\",\"a\",\"g\",[\"first\"]]]")
    }
  }

  /// The task of a counterexample that finitely many policies show.
  var task: WitnessTask? {
    switch self {
    case .lexicographic, .uniformIsBest, .conditionalChoice, .eventually: nil
    case .unreachableState:
      WitnessTask(
        model: modelText,
        fields: """
          "policies":{"p":{"u":"a"},"q":{"u":"b"}},"relations":[["p",">","q"]]
          """, extras: [:])
    case .coinIsBest:
      WitnessTask(
        model: modelText,
        fields: """
          "policies":{"half":{"s":{"a":"1/2","b":"1/2"}},"a":{"s":"a"},"b":{"s":"b"}},
          "ranking":[["half"],["a","b"]]
          """, extras: [:])
    case .twoRoads:
      WitnessTask(
        model: modelText,
        fields: """
          "policies":{"shortX":{"s0":"a","c":"a"},"longX":{"s0":"b","c":"a"},
            "shortY":{"s0":"a","c":"b"},"longY":{"s0":"b","c":"b"}},
          "ranking":[["shortX","longX"],["shortY","longY"]]
          """,
        extras: [
          .rewardMachine: """
          "machine":{"states":["short","long"],"initial":"short",
            "transitions":[["short",{"state":"w"},"long"]]}
          """,
          .temporalLogic: "\"formula\":\"F x\"",
        ])
    case .threeLevels:
      WitnessTask(
        model: modelText,
        fields: """
          "policies":{"a":{"s":"a"},"b":{"s":"b"},"c":{"s":"c"}},"ranking":[["a"],["b"],["c"]]
          """, extras: [:])
    case .firstAction:
      WitnessTask(
        model: modelText,
        fields: """
          "policies":{"a":{"s":"a"},"b":{"s":"b"}},"relations":[["a",">","b"]]
          """, extras: [.temporalLogic: "\"formula\":\"first\""])
    }
  }

  private static let roads = model(
    "\"s0\",\"w\",\"c\",\"X\",\"Y\"", "\"a\",\"b\"", start: "s0",
    """
    ["s0","a","c",1],["s0","b","w",1],["w","a","c",1],["c","a","X",1],["c","b","Y",1],
    ["X","a","X",1],["Y","a","Y",1]
    """, more: "\"labels\":{\"x\":[\"X\"]}")

  private static func model(
    _ states: String, _ actions: String, start: String, _ transitions: String,
    more: String = "\"x-note\":0"
  ) -> String {
    """
    {"format":"rationale-mdp","version":1,"states":[\(states)],"actions":[\(actions)],
     "discount":"1/2","initial":"\(start)","transitions":[\(transitions)],\(more)}
    """
  }

  /// The polynomial identities behind the argument.
  var identities: [SymbolicIdentity] {
    let v = SymbolicPolynomial.variable
    switch self {
    case .twoRoads: return Self.roadIdentities
    case .uniformIsBest: return Self.uniformIdentities
    case .conditionalChoice:
      let (a, b, c, gamma, x, y, t) = (
        v("A"), v("B"), v("c"), v("γ"), v("x"), v("y"), v("t")
      )
      return [
        SymbolicIdentity(
          text: "Ax + By - c(1-γ+γ(x+y)) = (A-cγ)x + (B-cγ)y - c(1-γ): level sets are lines",
          left: a * x + b * y - c * (1 - gamma + gamma * (x + y)),
          right: (a - c * gamma) * x + (b - c * gamma) * y - c * (1 - gamma)),
        SymbolicIdentity(
          text: "g = x/(x+y) solves g = x + (1-x-y)g: the gain of X, where x+y > 0",
          left: x, right: SymbolicFraction(x, over: x + y).numerator(of: x, plus: 1 - x - y)),
        SymbolicIdentity(
          text: "tx·(x+y) = x·(tx+ty): the gain x/(x+y) is constant on rays from 0",
          left: t * x * (x + y), right: x * (t * x + t * y)),
      ]
    case .eventually:
      let p = v("p")
      // q = p + (1-p) q is solved by q = p / (1 - (1-p)).
      let reaching = SymbolicFraction(p, over: 1 - (1 - p))
      return [
        SymbolicIdentity(
          text: "q = p/(1-(1-p)) solves q = p + (1-p)q: the probability of reaching",
          left: reaching.numerator, right: reaching.numerator(of: p, plus: 1 - p)),
        SymbolicIdentity(
          text: "q = p/p = 1 as a rational function: for every p > 0",
          left: reaching.numerator, right: reaching.denominator),
      ]
    case .lexicographic, .unreachableState, .coinIsBest, .threeLevels, .firstAction: return []
    }
  }

  /// `(1-γ)(d_lX - d_lY) = γ (1-γ)(d_sX - d_sY)` in every coordinate.
  private static var roadIdentities: [SymbolicIdentity] {
    let gamma = SymbolicPolynomial.variable("γ")
    let rest = 1 - gamma
    // The differences of the short roads in (c,a), (c,b), X, Y, times 1 - γ.
    let short = [gamma * rest, -(gamma * rest), gamma * gamma, -(gamma * gamma)]
    let long = [
      gamma * gamma * rest, -(gamma * gamma * rest), gamma * gamma * gamma,
      -(gamma * gamma * gamma),
    ]
    return zip(["(c,a)", "(c,b)", "X", "Y"], zip(short, long)).map { name, pair in
      SymbolicIdentity(
        text: "d_longX - d_longY = γ (d_shortX - d_shortY) at \(name), for every γ",
        left: pair.1, right: gamma * pair.0)
    }
  }

  private static var uniformIdentities: [SymbolicIdentity] {
    let v = SymbolicPolynomial.variable
    let (a, b, c, e) = (v("r_a"), v("r_b"), v("r_c"), v("ε"))
    let direction = [b - c, c - a, a - b]
    let third = SymbolicPolynomial.constant(Rational(1, 3))
    let moved = direction.map { third + e * $0 }
    let squares = direction.reduce(0) { $0 + $1 * $1 }
    let product = direction.reduce(1, *)
    return [
      SymbolicIdentity(
        text: "r·v = 0 for v = (r_b-r_c, r_c-r_a, r_a-r_b): a linear value is constant along v",
        left: a * direction[0] + b * direction[1] + c * direction[2], right: 0),
      SymbolicIdentity(
        text: "Σv = 0: the line stays among laws", left: direction.reduce(0, +), right: 0),
      SymbolicIdentity(
        text: "6 p_a p_b p_c = 2/9 - ε²|v|² + 6ε³ v_a v_b v_c along it: less than at ε = 0",
        left: 6 * moved.reduce(1, *),
        right: SymbolicPolynomial.constant(Rational(2, 9)) - e * e * squares
          + 6 * e * e * e * product),
      SymbolicIdentity(
        text: "-Σp² = -1/3 - ε²|v|² along it: less than at ε = 0",
        left: -moved.reduce(0) { $0 + $1 * $1 },
        right: -third - e * e * squares),
    ]
  }

  /// What no finite computation shows, in words.
  var argument: [String] {
    switch self {
    case .lexicographic:
      [
        "argument (cardinality): for each p_a in (0,1) the ranks at p_b = 0 and p_b = 1-p_a would"
          + " span an interval; the intervals are disjoint and uncountably many, and each would"
          + " hold a rational of its own",
        "no countable set of policies can show it",
      ]
    case .uniformIsBest:
      [
        "argument: if v = 0 the reward is constant and ties everything; else the value ties the"
          + " uniform law with others, which are worse"
      ]
    case .conditionalChoice:
      [
        "argument: a level set with c ≠ 0 misses 0, so the order differs on it; A = B = 0 ties"
          + " everything"
      ]
    case .eventually:
      [
        "argument (continuity): |J(p) - J(0)| ≤ 2‖R‖ p/(1-γ)² for every machine; a value that is"
          + " constant on p > 0 is the same at p = 0, where reaching has the probability 0"
      ]
    case .threeLevels:
      [
        "argument (counting): each of the policies has a single run, which meets a formula or does"
          + " not: two levels, where three are asked for"
      ]
    case .unreachableState, .coinIsBest, .twoRoads, .firstAction: []
    }
  }
}
