import ExactArithmetic
import RegretBounds

/// Values that were worked out with 70-digit arithmetic outside this package.
enum WorkedValues {
  /// Lower ends, truncated after 20 decimals: the value lies within `10^-20` above.
  static let enclosed: [(name: String, parameters: String, lower: String)] = [
    ("hoeffding", "n=100 range=1 sides=2 delta=1/20", "0.13581015157406194984"),
    ("hoeffding", "n=2500 range=4 sides=1 delta=1/1000", "0.14867688755399353787"),
    ("bernstein", "n=100 variance=1/16 b=1 sides=1 delta=1/20", "0.07117944501220038363"),
    ("bernstein", "n=2500 variance=3/4 b=4 sides=2 delta=1/1000", "0.07158559587233980582"),
    (
      "empirical-bernstein", "n=100 variance=1/16 range=1 sides=1 delta=1/20",
      "0.15484836258432913694"
    ),
    (
      "empirical-bernstein", "n=2500 variance=3/4 range=4 sides=2 delta=1/1000",
      "0.10152065736750337756"
    ),
    ("azuma", "n=100 range=1 sides=1 delta=1/20", "12.23873415340408273188"),
    ("azuma", "n=2500 range=4 sides=2 delta=1/1000", "389.89492070408104667495"),
    ("freedman", "variance=25/4 b=1 delta=1/20", "7.11794450122003836375"),
    ("freedman", "variance=1875 b=4 delta=1/1000", "170.15779234367722570878"),
    ("weissman", "n=100 S=2 delta=1/20", "0.27162030314812389969"),
    ("weissman", "n=2500 S=6 delta=1/1000", "0.09395696744372810421"),
    ("elliptical-potential", "n=100 d=2 X2=1 lambda=1", "11.34485068394299117941"),
    ("elliptical-potential", "n=2500 d=5 X2=9 lambda=3/2", "57.75613801799144158673"),
    ("self-normalized", "n=100 d=2 X2=1 R=1/2 B2=1 delta=1/20 lambda=1", "2.86112303546518879320"),
    (
      "self-normalized", "n=2500 d=5 X2=9 R=2 B2=5/9 delta=1/1000 lambda=3/2",
      "15.58924851837161228503"
    ),
    ("self-normalized-det", "detRatio=51 R=1/2 B2=1 delta=1/20 lambda=1", "2.57506271143661989101"),
    (
      "self-normalized-det", "detRatio=7/2 R=2 B2=5/9 delta=1/1000 lambda=3/2",
      "8.67644575691015020495"
    ),
    (
      "bernstein-self-normalized", "n=100 d=2 X2=1 variance=1/16 R=1 B2=1 delta=1/20 lambda=1",
      "76.04656975893076100532"
    ),
    (
      "bernstein-self-normalized",
      "n=2500 d=5 X2=9 variance=3/4 R=4 B2=5/9 delta=1/1000 lambda=3/2", "598.48053091873546549477"
    ),
    ("ucrl-vtr", "H=5 K=1000000 d=3 M=1 L2=3 B2=1 delta=1/100", "174538.68231728162909445536"),
    (
      "ucrl-vtr", "H=10 K=100000000 d=2 M=10 L2=2 B2=5/9 delta=1/20 lambda=1800",
      "28427021.86499521281750320338"
    ),
    (
      "ucrl-vtr-inhomogeneous", "H=5 K=1000000 d=3 M=1 L2=3 B2=1 delta=1/100",
      "322312.77364503613412619311"
    ),
    (
      "ucrl-vtr-inhomogeneous", "H=10 K=100000000 d=2 M=10 L2=2 B2=5/9 delta=1/20 lambda=400",
      "62347089.02331433791781669700"
    ),
    ("ucrl-rfe-explicit", "H=5 K=1000000 d=3 M=1 L2=3 B2=1 delta=1/100", "0.33906746356444339594"),
    (
      "ucrl-rfe-explicit", "H=10 K=100000000 d=2 M=1 L2=2 B2=5/9 delta=1/20 lambda=18",
      "0.05563175236582386808"
    ),
    (
      "uclk-explicit", "T=1000000 d=3 gamma=9/10 L2=3 B2=1 delta=1/100",
      "10161886.43200105334843816513"
    ),
    (
      "uclk-explicit", "T=100000000 d=2 gamma=1/2 L2=2 B2=5/9 delta=1/20 zeta=1/1000000 lambda=10",
      "1837099.36764206747099606205"
    ),
    ("linear-mixture-regret-lower", "H=10 d=5 K=10000", "134.16407864998738178455"),
    ("linear-mixture-regret-lower", "H=7 d=3 K=14", "1.26000000000000000000"),
    ("ucrl2", "D=10 S=6 A=2 T=1000000 delta=1/20", "11828919.49145368154660414134"),
    ("ucrl2", "D=7/2 S=3 A=4 T=100000000 delta=1/1000", "35933738.14501897553563862884"),
    ("ucbvi-ch", "H=5 S=6 A=2 K=1000000 delta=1/20", "280582105.37007179009941818326"),
    ("ucbvi-ch", "H=10 S=3 A=4 K=100000000 delta=1/1000", "1787626339.23635259572615624783"),
  ]

  static let exact: [(name: String, parameters: String, value: String)] = [
    ("hoeffding-samples", "range=1 sides=2 delta=1/20 epsilon=1/10", "185"),
    ("hoeffding-samples", "range=4 sides=1 delta=1/1000 epsilon=1/50", "138156"),
    ("ucrl-rfe-explicit-episodes", "H=5 d=3 M=1 L2=3 B2=1 delta=1/100 epsilon=1/10", "15066504"),
    ("ucrl-rfe-explicit-episodes", "H=2 d=2 M=1 L2=2 B2=5/9 delta=1/20 epsilon=1/4", "118698"),
    ("linear-mixture-pac-lower", "d=5 epsilon=1/100 delta=1/20", "600"),
    ("linear-mixture-pac-lower", "d=11 epsilon=1/8 delta=0", "75/2"),
    ("reward-free-generative", "S=6 A=2 H=5 M=1 epsilon=1/10 delta=1/20", "30745"),
    ("reward-free-generative", "S=2 A=3 H=2 M=2 epsilon=1/4 delta=1/1000", "1203"),
    ("reward-free-generative-discounted", "S=6 A=2 gamma=9/10 epsilon=1/10 delta=1/20", "15564593"),
    ("reward-free-generative-discounted", "S=2 A=3 gamma=1/2 epsilon=1/4 delta=1/1000", "1203"),
    ("union", "delta=1/20 count=12", "1/240"),
    ("union", "delta=1/100 count=400", "1/40000"),
    ("simulation-lemma", "gamma=9/10 rewardError=1/100 transitionError=1/50 span=3", "37/100"),
    ("simulation-lemma", "gamma=1/2 rewardError=0 transitionError=2/3 span=5/4", "5/12"),
    ("simulation-lemma-finite", "H=5 rewardError=1/100 transitionError=1/50 span=3", "17/100"),
    ("simulation-lemma-finite", "H=10 rewardError=0 transitionError=2/3 span=5/4", "15/4"),
    ("regret-to-pac", "regret=500 K=100000 failure=1/10", "1/20"),
    ("regret-to-pac", "regret=12345/7 K=4000 failure=1/3", "7407/5600"),
    ("explore-then-commit", "exploration=1000 K=100000 M=1 epsilon=1/20", "5950"),
    ("explore-then-commit", "exploration=77 K=500 M=10 epsilon=3/7", "6659/7"),
    ("two-state-lower", "A=10 D=3 T=30", "57/50"),
    (
      "blackwell-a-priori", "n=6 R=200 m=200",
      "8707129344000000000000000000000000/8707129344000000000000000000000001"
    ),
    ("span-diameter", "gain=7203/16805 rmin=0 D=106045/7203", "21209/3361"),
    ("linear-mixture-regret-lower", "H=7 d=3 K=14", "63/50"),
  ]

  /// Truncated decimals, as many as are known.
  static let truncated: [(name: String, parameters: String, digits: String)] = [
    ("ucrl-vtr+", "d=3 H=5 T=5000000", "33541.0196624968"),
    ("uclk+", "d=3 T=1000000 gamma=9/10", "94868.32980505137"),
    ("ucrl2", "D=106045/7203 S=6 A=2 T=1000000 delta=1/20", "17414934.99"),
    ("loop-finite", "N=3 B=6/5 H=6/5 T=100000 delta=1/20", "2645.06272969977"),
    ("loop-finite", "N=3 B=6/5 H=6/5 T=100000 delta=1/20 zmin=1/5", "792.76646149"),
  ]

  static let exactRates: [(name: String, parameters: String, value: String)] = [
    ("ucrl-rfe+", "d=3 H=5 epsilon=1/10", "1500000"),
    ("hf-ucrl-rfe++", "d=3 epsilon=1/10", "900"),
  ]

  /// `H=5 K=10` as numbers by name.
  static func parameters(_ text: String) -> [String: Rational] {
    var parameters: [String: Rational] = [:]
    for pair in text.split(separator: " ") {
      let parts = pair.split(separator: "=")
      parameters[String(parts[0])] = Rational(String(parts[1]))
    }
    return parameters
  }
}
