import ExactArithmetic
import MarkovDecisionProcesses
import TestSupport
import Testing

@testable import RegretBounds

@Suite("Linear mixtures")
struct MixtureTests {
  static let first = "u l → u:1/2, v:1/2; u r → v; v l → w; v r → u:1/2, w:1/2; w l → w; w r → u"
  static let second = """
    u l → u:1/4, w:3/4; u r → v:1/2, w:1/2; v l → u:1/2, w:1/2; v r → w
    w l → u:1/2, w:1/2; w r → v
    """
  static let target = """
    u l → u:1/3, v:1/6, w:1/2; u r → v:2/3, w:1/3; v l → u:1/3, w:2/3; v r → u:1/6, w:5/6
    w l → u:1/3, w:2/3; w r → u:1/3, v:2/3
    """

  private func models(_ texts: String...) throws -> [FiniteMDP] {
    try texts.map { try TinyModel.read($0) }
  }

  @Test("the worked mixture of two kernels", .tags(.worked))
  func worked() throws {
    let target = try TinyModel.read(Self.target)
    let features = try TransitionFeatures(
      basis: models(Self.first, Self.second), over: target)
    let answer = try MixtureRecognition(of: target, in: features)
    #expect(answer.isLinear && answer.isConvex && answer.isUnique)
    #expect(answer.rank == 2)
    #expect(answer.theta == [Rational(1, 3), Rational(2, 3)])
    #expect(answer.minimumNormSquared == Rational(5, 9))
    #expect(answer.certificate.isValid(for: target, in: features, requiresConvex: true))
    #expect(try FeatureNorm(of: features) == FeatureNorm(of: features))
    #expect(try FeatureNorm(of: features).squared == 2)
  }

  @Test("a row that is no mixture: the distance and a certificate", .tags(.worked))
  func noMixture() throws {
    let text = Self.target.replacing("u l → u:1/3, v:1/6, w:1/2", with: "u l → u:1/2, w:1/2")
    let target = try TinyModel.read(text)
    let features = try TransitionFeatures(
      basis: models(Self.first, Self.second), over: target)
    let answer = try MixtureRecognition(of: target, in: features)
    #expect(!answer.isLinear && !answer.isConvex && !answer.isUnique)
    #expect(answer.rank == 2)
    #expect(answer.residualSquared == Rational(1021, 18558))
    #expect(answer.certificate.isValid(for: target, in: features))
    guard case .fredholm(let weights) = answer.certificate else {
      Issue.record("not a Fredholm certificate")
      return
    }
    // A spoiled certificate is refused.
    let spoiled = MixtureRecognition.Certificate.fredholm(
      weights.map { ($0.place, $0.weight + Rational(1, 7)) })
    #expect(!spoiled.isValid(for: target, in: features))
    #expect(!MixtureRecognition.Certificate.theta([1, 0]).isValid(for: target, in: features))
  }

  @Test("linear with a negative weight", .tags(.worked))
  func negativeWeight() throws {
    let kernels = try models(
      "s a → s:1/2, t:1/2; t a → t", "s a → s:3/4, t:1/4; t a → t")
    let target = try TinyModel.read("s a → s:3/8, t:5/8; t a → t")
    let features = try TransitionFeatures(basis: kernels, over: target)
    let answer = try MixtureRecognition(of: target, in: features)
    #expect(answer.isLinear && answer.isUnique && !answer.isConvex)
    #expect(answer.theta == [Rational(3, 2), Rational(-1, 2)])
    #expect(answer.certificate.isValid(for: target, in: features))
    guard case .farkas = answer.certificate else {
      Issue.record("not a Farkas certificate")
      return
    }
  }

  @Test("dependent kernels: weights from a linear program, or a proof that there are none")
  func dependent() throws {
    let kernels = try models(
      "s a → s; t a → t", "s a → s:1/2, t:1/2; t a → t", "s a → s:3/4, t:1/4; t a → t")
    for (text, isConvex) in [
      ("s a → s:2/3, t:1/3; t a → t", true), ("s a → s:1/4, t:3/4; t a → t", false),
    ] {
      let target = try TinyModel.read(text)
      let features = try TransitionFeatures(basis: kernels, over: target)
      let answer = try MixtureRecognition(of: target, in: features)
      #expect(answer.isLinear && !answer.isUnique)
      #expect(answer.rank == 2)
      #expect(answer.isConvex == isConvex, "\(text)")
      #expect(
        answer.certificate.isValid(for: target, in: features, requiresConvex: isConvex), "\(text)")
      let theta = try #require(answer.minimumNormTheta)
      #expect(
        MixtureRecognition.Certificate.theta(theta).isValid(for: target, in: features))
      let other = try #require(answer.theta)
      #expect(dot(theta, theta) <= dot(other, other))
    }
  }

  @Test("random mixtures are recognised, and their distance is 0 nowhere else")
  func random() throws {
    var random = SplitMix64(seed: 5)
    for _ in 0..<12 {
      let kernels = try (0..<3).map { _ in try Self.kernel(&random) }
      let weights = [Rational(1, 6), Rational(1, 3), Rational(1, 2)]
      let target = try Self.mixture(kernels, weights)
      let features = try TransitionFeatures(basis: kernels, over: target)
      let answer = try MixtureRecognition(of: target, in: features)
      #expect(answer.isLinear && answer.isConvex)
      #expect(answer.certificate.isValid(for: target, in: features, requiresConvex: true))
      let other = try Self.kernel(&random)
      let stranger = try MixtureRecognition(of: other, in: features)
      #expect(stranger.certificate.isValid(for: other, in: features))
      #expect(stranger.isLinear == (stranger.residualSquared == nil))
      if let residual = stranger.residualSquared { #expect(residual.signum > 0) }
      // Nothing in the offset form is larger than the bound by total variation.
      let offset = try FeatureNorm(of: features.offsetForm)
      #expect(offset.isExact)
      #expect(offset.squared <= 2)
    }
  }

  /// Three states, two actions, denominators of 12.
  static func kernel(_ random: inout SplitMix64) throws -> FiniteMDP {
    var rows: [String] = []
    for (state, action) in [("u", "l"), ("u", "r"), ("v", "l"), ("v", "r"), ("w", "l"), ("w", "r")]
    {
      let (a, b) = (Int(random.below(13)), Int(random.below(13)))
      let (low, high) = (min(a, b), max(a, b))
      rows.append(
        "\(state) \(action) → u:\(low)/12, v:\(high - low)/12, w:\(12 - high)/12")
    }
    return try TinyModel.read(rows.joined(separator: ";"))
  }

  static func mixture(_ kernels: [FiniteMDP], _ weights: [Rational]) throws -> FiniteMDP {
    let first = kernels[0]
    var builder = try FiniteMDPBuilder(states: first.states, actions: first.actions)
    for choice in 0..<first.choiceCount {
      var law: [State: Rational] = [:]
      for (kernel, weight) in zip(kernels, weights) {
        for (successor, probability) in kernel.transitions(of: Choice(choice)) {
          law[successor, default: 0] += weight * probability
        }
      }
      for (successor, probability) in law.sorted(by: { $0.key < $1.key }) {
        try builder.addTransition(
          from: first.state(of: Choice(choice)), under: first.action(of: Choice(choice)),
          to: successor, probability: probability)
      }
    }
    return try builder.build()
  }

  @Test("kernels on other models are refused")
  func unfit() throws {
    let target = try TinyModel.read(Self.target)
    for text in [
      "u l → u; u r → u; v l → v; v r → v",
      "u l → u; u r → u; v l → v; v r → v; x l → x; x r → x",
      "u l → u; u r → u; v l → v; v r → v; w l → w",
    ] {
      #expect(throws: BoundError.self) {
        try TransitionFeatures(basis: [try TinyModel.read(text)], over: target)
      }
    }
  }

  // MARK: - Dimensions

  @Test("the dimension of all kernels is SA(S-1) + 1", .tags(.worked))
  func dimensions() throws {
    let swaps = try models("s a → s; t a → s", "s a → s; t a → t", "s a → t; t a → s")
    #expect(try minimalMixtureDimension(of: swaps) == 3)
    let own = try models(Self.first, Self.second, Self.target)
    #expect(try minimalMixtureDimension(of: own) == 2)
    #expect(try minimalMixtureDimension(of: [own[2]]) == 1)
    let target = try TinyModel.read(Self.target)
    #expect(LinearModel.minimalDimension(target) == 3)
    let chain = try TinyModel.read("s a → s:1/2, t:1/2 | 1; t a → s:1/2, t:1/2")
    #expect(LinearModel.minimalDimension(chain) == 1)
    let reward = try #require(chain.reward(named: "default")).expected(in: chain)
    #expect(LinearModel.minimalDimension(chain, reward: reward) == 2)
  }

  @Test("a linear model has measures, another one a refutation")
  func linearModel() throws {
    let model = try TinyModel.read(
      "s a → s:1/2, t:1/2 | 1; s b → s | 0; t a → s:3/4, t:1/4 | 1/2")
    let features: [[Rational]] = [[1, 0], [0, 1], [Rational(1, 2), Rational(1, 2)]]
    let reward = try #require(model.reward(named: "default")).expected(in: model)
    let answer = try LinearModel(model, features: features, reward: reward)
    #expect(answer.isLinear)
    #expect(answer.measures?[State(0)] == [Rational(1, 2), 1])
    #expect(answer.rewardWeights == [1, 0])
    let other = try LinearModel(model, features: [[1, 0], [0, 1], [1, 1]])
    let refutation = try #require(other.refutation)
    guard case .successor(let state) = refutation.column else { return }
    var (sums, column): ([Rational], Rational) = ([0, 0], 0)
    for (choice, weight) in refutation.weights {
      let row: [[Rational]] = [[1, 0], [0, 1], [1, 1]]
      for place in 0..<2 { sums[place] += weight * row[Int(choice.index)][place] }
      column += weight * model.probability(of: state.index, after: Int(choice.index))
    }
    #expect(sums == [0, 0] && column == 1)
  }

  // MARK: - Norms

  @Test("signed features of three successors", .tags(.worked))
  func signed() throws {
    let generators: [[Rational]] = [
      [Rational(1, 2), Rational(1, 3)], [Rational(1, 2), Rational(-2, 3)],
      [Rational(-1, 4), Rational(1, 3)],
    ]
    #expect(try FeatureNorm.exact(generators, .none) == Rational(10, 9))
    #expect(FeatureNorm.coordinateBound(generators) == Rational(13, 9))
    let sum = (0..<2).map { column in generators.reduce(Rational.zero) { $0 + $1[column] } }
    #expect(dot(sum, sum) == Rational(9, 16))
  }

  @Test("facets and enumeration agree", .tags(.differential), arguments: 1...4)
  func facets(dimension: Int) throws {
    var random = SplitMix64(seed: UInt64(dimension))
    for count in [12, 13, 14] {
      let generators = (0..<count).map { _ in
        (0..<dimension).map { _ in Rational(Int(random.below(11)) - 5, 1 + Int(random.below(3))) }
      }
      let zonotope = Zonotope(generators)
      let largest = try zonotope.largestByEnumeration(.none)
      #expect(try zonotope.largestByFacets(.none) == largest, "\(generators)")
      #expect(largest <= FeatureNorm.coordinateBound(generators))
    }
  }

  @Test("parallel and zero generators, and numbers past words")
  func degenerate() throws {
    let parallel: [[Rational]] = (1...14).map { [Rational($0 - 7), Rational(2 * ($0 - 7))] }
    let zonotope = Zonotope(parallel)
    #expect(try zonotope.largestByFacets(.none) == zonotope.largestByEnumeration(.none))
    let big = try #require(Rational("1e30"))
    #expect(
      try FeatureNorm.exact([[big, -big], [-big, big], [1, 1]], .none) == 2 * big * big + 2)
  }

  @Test("many successors: facets where they are few, else a bound")
  func many() throws {
    var random = SplitMix64(seed: 9)
    let wide = (0..<40).map { _ in
      (0..<2).map { _ in Rational(Int(random.below(21)) - 10) }
    }
    let norm = try #require(try FeatureNorm.exact(wide, .none))
    // The sums over half planes are the vertices: compare with all directions through generators.
    var best = Rational.zero
    for direction in wide {
      for (a, b) in [(-direction[1], direction[0]), (direction[1], -direction[0])] {
        for includesTies in [true, false] {
          let chosen = wide.filter {
            let side = $0[0] * a + $0[1] * b
            return side.signum > 0
              || (includesTies && side.isZero && ($0[0] * direction[0] + $0[1] * direction[1]) > 0)
              || (!includesTies && side.isZero && ($0[0] * direction[0] + $0[1] * direction[1]) < 0)
          }
          let sum = (0..<2).map { column in chosen.reduce(Rational.zero) { $0 + $1[column] } }
          best = max(best, dot(sum, sum))
        }
      }
    }
    #expect(norm == best)
    let deep = (0..<40).map { _ in (0..<9).map { _ in Rational(Int(random.below(21)) - 10) } }
    #expect(try FeatureNorm.exact(deep, .none) == nil)
  }

  // MARK: - Files

  @Test("features from a file, and what is wrong with others")
  func file() throws {
    let model = try TinyModel.read("s a → s:3/8, t:5/8; t a → t")
    func read(_ features: String, head: String = "\"dimension\":2") throws -> TransitionFeatures {
      let text =
        "{\"format\":\"rationale-features\",\"version\":1,\(head),\"features\":[\(features)]}"
      return try FeatureFile.read(bytes: Array(text.utf8), name: "f.json", for: model)
    }
    let features = try read(
      #"["s","a","s",["1/2","3/4"]],["s","a",1,[0.5,"1/4"]],[1,0,"t",[1,1]]"#)
    let answer = try MixtureRecognition(of: model, in: features)
    #expect(answer.theta == [Rational(3, 2), Rational(-1, 2)])
    #expect(try FeatureNorm(of: features).squared == 2)
    for bad in [
      #"["s","b","s",[1,1]]"#, #"["x","a","s",[1,1]]"#, #"["s","a","s",[1]]"#,
      #"["s","a","s",[1,"1/0"]]"#, #"["s","a","s",[1,1]],["s","a",0,[1,1]]"#, #"["s","a","s"]"#,
      #"[5,"a","s",[1,1]]"#, "7",
    ] {
      #expect(throws: (any Error).self, "\(bad)") { try read(bad) }
    }
    #expect(throws: (any Error).self) { try read("", head: "\"dimension\":0") }
    #expect(throws: (any Error).self) { try read("", head: "\"dimensions\":2") }
  }
}
