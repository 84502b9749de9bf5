import ExactArithmetic
import Foundation
import TestSupport
import Testing

@Suite("rationale bounds", .tags(.commandLine))
struct BoundsTests {
  private let folder: ScratchFolder

  init() throws {
    folder = try ScratchFolder()
  }

  private func arguments(_ name: String, _ parameters: String) -> [String] {
    ["bounds", name] + parameters.split(separator: " ").flatMap { ["--parameter", String($0)] }
  }

  private func answer(_ name: String, _ parameters: String) throws -> [String: Any] {
    let run = try folder.run(arguments(name, parameters) + ["--format", "json"])
    #expect(run.status == 0 && run.errors.isEmpty, "\(run.errors)")
    return try jsonObject(run.output)
  }

  @Test(
    "values hold the references of the note", .tags(.worked),
    arguments: [
      ("hoeffding", "n=100 range=1 sides=2 delta=1/20", "0.13581015157406194984"),
      (
        "ucrl-vtr", "H=5 K=1000000 d=3 M=1 L2=3 B2=1 delta=1/100",
        "174538.68231728162909445536"
      ),
      (
        "ucrl-vtr-inhomogeneous",
        "H=10 K=100000000 d=2 M=10 L2=2 B2=5/9 delta=1/20 lambda=400",
        "62347089.02331433791781669700"
      ),
      (
        "uclk-explicit",
        "T=100000000 d=2 gamma=1/2 L2=2 B2=5/9 delta=1/20 zeta=1/1000000 lambda=10",
        "1837099.36764206747099606205"
      ),
      ("ucrl2", "D=7/2 S=3 A=4 T=100000000 delta=1/1000", "35933738.14501897553563862884"),
      (
        "bernstein-self-normalized",
        "n=100 d=2 X2=1 variance=1/16 R=1 B2=1 delta=0.05 lambda=1", "76.04656975893076100532"
      ),
    ])
  func enclosed(name: String, parameters: String, digits: String) throws {
    let json = try answer(name, parameters)
    #expect(json["name"] as? String == name)
    #expect(json["kind"] as? String == "certified")
    for key in ["formula", "latex", "source", "quantity"] { #expect(json[key] is String) }
    #expect(json["regime"] is [String])
    let value = try #require(json["value"] as? [String: String])
    let lower = try #require(value["lower"].flatMap { Rational($0) })
    let upper = try #require(value["upper"].flatMap { Rational($0) })
    let reference = try #require(Rational(digits))
    #expect(lower <= reference && reference <= upper)
    #expect((upper - lower) * Rational(1_000_000_000_000) <= max(1, upper))
  }

  @Test(
    "values that are exact are printed so", .tags(.worked),
    arguments: [
      ("union", "delta=1/20 count=12", "1/240"),
      ("hoeffding-samples", "range=4 sides=1 delta=1/1000 epsilon=1/50", "138156"),
      (
        "ucrl-rfe-explicit-episodes", "H=2 d=2 M=1 L2=2 B2=5/9 delta=1/20 epsilon=1/4", "118698"
      ),
      ("linear-mixture-pac-lower", "d=11 epsilon=1/8 delta=0", "75/2"),
      ("linear-mixture-regret-lower", "H=7 d=3 K=14", "63/50"),
      ("simulation-lemma-finite", "H=10 rewardError=0 transitionError=2/3 span=5/4", "15/4"),
      ("two-state-lower", "A=10 D=3 T=30", "57/50"), ("horizon-gap", "span=12/7", "12/7"),
      (
        "blackwell-a-priori", "n=6 R=200 m=200",
        "8707129344000000000000000000000000/8707129344000000000000000000000001"
      ),
    ])
  func exact(name: String, parameters: String, value: String) throws {
    #expect(try answer(name, parameters)["value"] as? String == value)
  }

  @Test("defaults stand among the parameters, the trivial bound beside the value")
  func defaults() throws {
    let json = try answer("ucrl-vtr", "H=5 K=10 d=3 M=2 L2=3 B2=1 delta=1/100")
    #expect(
      json["parameters"] as? [String: String] == [
        "H": "5", "K": "10", "d": "3", "M": "2", "L2": "3", "B2": "1", "delta": "1/100",
        "lambda": "12", "grid": "0",
      ])
    #expect(json["trivial"] as? String == "20")
    #expect((json["statement"] as? String)?.contains("says nothing") == true)
    let zero = try answer("ucrl-vtr", "H=5 K=10 d=3 M=2 L2=0 B2=1 delta=1/100")
    #expect((zero["parameters"] as? [String: String])?["lambda"] == "1")
    let radius = try answer("hoeffding", "n=100 range=1 sides=2 delta=1/20")
    #expect(radius["trivial"] is NSNull)
    let lower = try answer("ucrl2-lower", "S=10 A=10 D=20 T=2000")
    #expect(lower["published"] != nil)
  }

  @Test("rates say that they are rates")
  func rates() throws {
    let json = try answer("ucrl-rfe+", "d=3 H=5 epsilon=1/10")
    #expect(json["kind"] as? String == "rate")
    #expect(json["value"] as? String == "1500000")
    let run = try folder.run(
      arguments("ucrl-rfe+", "d=3 H=5") + ["--least", "H", "--target", "7"])
    #expect(run.status == 64 && run.output.isEmpty)
    #expect(run.errors.contains("is a rate"))
  }

  @Test(
    "refusals: what is typed wrongly is 64, what breaks a theorem 65",
    arguments: [
      ("hoeffding", "n=100 range=1 sides=2", 64, "delta"),
      ("hoeffding", "n=100 range=1 sides=2 delta=1/20 m=3", 64, "'m'"),
      ("hoeffding", "n=100 n=100 range=1 sides=2 delta=1/20", 64, "'n'"),
      ("hoeffding", "n=x range=1 sides=2 delta=1/20", 64, "'x'"),
      ("hoeffding", "N=1 range=1 sides=2 delta=1/20", 64, "'N'"),
      ("hoefding", "n=100", 64, "'hoeffding'"),
      ("hoeffding", "n=0 range=1 sides=2 delta=1/20", 65, "at least 1"),
      ("hoeffding", "n=100 range=1 sides=2 delta=0", 65, "delta"),
      ("ucrl2", "D=2 S=1 A=2 T=9 delta=1/2", 65, "S is 1"),
      (
        "ucrl-vtr-inhomogeneous", "H=5 K=10 d=3 M=1 L2=3 B2=1 delta=1/2 lambda=1", 65,
        "L2 M² <= lambda"
      ),
      ("linear-mixture-regret-lower", "H=7 d=3 K=13", 65, "<= K"),
      ("linear-mixture-pac-lower", "d=11 epsilon=1/7 delta=0", 65, "epsilon <= "),
      ("ucrl2-lower", "S=10 A=10 D=19 T=2000", 65, "20 log_A(S)"),
      ("weissman", "n=1 S=1e100 delta=1/2", 65, "1000000 bits"),
    ])
  func refusals(name: String, parameters: String, status: Int, text: String) throws {
    let run = try folder.run(arguments(name, parameters) + ["--format", "json"])
    #expect(run.status == Int32(status), "\(run.errors)")
    #expect(run.output.isEmpty)
    #expect(run.errors.hasPrefix("error: ") && run.errors.contains(text), "\(run.errors)")
  }

  @Test("options that do not belong together")
  func usage() throws {
    for arguments in [
      ["bounds"], ["bounds", "--parameter", "n=1"], ["bounds", "hoeffding", "--plot", "a.svg"],
      ["bounds", "hoeffding", "--least", "n"], ["bounds", "hoeffding", "--per", "n"],
      ["bounds", "hoeffding", "--crossover", "azuma"], ["bounds", "linear-mixture"],
      ["bounds", "hoeffding", "--sweep", "n=1..9", "--least", "n", "--target", "1"],
      ["bounds", "hoeffding", "--model", "m.json"], ["bounds", "linear-mixture", "--model", "m"],
    ] {
      let run = try folder.run(arguments)
      #expect(run.status == 64 && run.output.isEmpty, "\(arguments): \(run.errors)")
    }
  }

  @Test("the list, and what one entry needs")
  func list() throws {
    let all = try jsonObject(folder.run("bounds", "--list", "--format", "json").output)
    let bounds = try #require(all["bounds"] as? [[String: Any]])
    let names = Set(bounds.compactMap { $0["name"] as? String })
    #expect(names.isSuperset(of: ["ucrl-vtr", "loop-finite", "weissman", "politex", "ucrl2-gap"]))
    #expect(bounds.count == names.count)
    let text = try folder.run("bounds", "--list", "loop-finite")
    #expect(text.status == 0 && text.output.contains("zmin"))
    #expect(try folder.run("bounds", "--list").output.contains("d √(H³ T)"))
    let value = try folder.run(
      arguments("union", "delta=1/20 count=12") + ["--decimals", "6", "--latex"])
    #expect(value.output.contains("0.004167") && value.output.contains("\\frac"))
  }

  @Test("more decimals, narrower enclosures, one in the other")
  func decimals() throws {
    var last: (lower: Rational, upper: Rational)?
    for digits in [3, 15, 40] {
      let run = try folder.run(
        arguments("azuma", "n=100 range=1 sides=1 delta=1/20") + [
          "--format", "json", "--decimals", "\(digits)",
        ])
      let json = try jsonObject(run.output)
      let value = try #require(json["value"] as? [String: String])
      let lower = try #require(value["lower"].flatMap { Rational($0) })
      let upper = try #require(value["upper"].flatMap { Rational($0) })
      if let last { #expect(last.lower <= lower && upper <= last.upper) }
      #expect((upper - lower) * Rational(10).power(digits) < 1)
      last = (lower, upper)
      let text = try #require(json["valueDecimal"] as? String)
      #expect(text.hasPrefix("12.23"))
      #expect(text.count == 3 + digits)
    }
  }

  @Test("sweeps with a picture, inversions, crossovers")
  func questions() throws {
    let numbers = "D=10 S=6 A=2 delta=1/20"
    let sweep = try folder.run(
      arguments("ucrl2", numbers) + [
        "--sweep", "T=1e3..1e9", "--points", "7", "--plot", "s.svg", "--format", "json",
      ])
    let json = try jsonObject(sweep.output)
    let points = try #require(json["points"] as? [[String: Any]])
    #expect(points.compactMap { $0["T"] as? String }.first == "1000")
    #expect(points.compactMap { $0["T"] as? String }.last == "1000000000")
    #expect(points.count == 7)
    let picture = try folder.text(of: "s.svg")
    #expect(picture.hasPrefix("<svg") && picture.contains("trivial bound"))
    let least = try folder.run(
      arguments("ucrl2", numbers) + [
        "--least", "T", "--target", "1", "--per", "T", "--format", "json",
      ])
    let answer = try jsonObject(least.output)
    #expect((answer["least"] as? String).flatMap { Int($0) }.map { $0 > 1_000_000 } == true)
    let crossing = try folder.run(
      arguments("bernstein", "variance=1/100 b=1 sides=1 delta=1/20 range=1") + [
        "--crossover", "hoeffding", "--over", "n",
      ])
    #expect(crossing.status == 0 && crossing.output.contains("bernstein is below hoeffding"))
    let none = try folder.run(
      arguments("azuma", "range=1 sides=1 delta=1/20") + ["--least", "n", "--target", "1/100"])
    #expect(none.status == 65 && none.errors.contains("2^512"))
  }
}
