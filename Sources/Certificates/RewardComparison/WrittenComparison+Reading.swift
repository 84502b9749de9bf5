import ExactArithmetic
import ExactJSON
import MarkovDecisionProcesses

extension WrittenComparison.Optimum {
  init(_ fields: DocumentFields, _ read: EntryReader) throws(InputError) {
    try fields.requireKeys(among: ["values", "policy"])
    values = try fields.required("values", read.numberVector)
    policy = try fields.required("policy", read.policy)
  }

  static func optional(
    _ key: String, in fields: DocumentFields?, _ read: EntryReader
  ) throws(InputError) -> Self? {
    guard let inner = try fields?.object(key) else { return nil }
    return try Self(inner, read)
  }
}

extension WrittenComparison.NormCertificate {
  init(_ fields: DocumentFields, _ read: EntryReader) throws(InputError) {
    if fields["dual"] != nil {
      try fields.requireKeys(among: ["potential", "dual"])
      self = .quotient(
        potential: try fields.required("potential", read.numberVector),
        dual: try fields.required("dual", read.canonicalEntries))
    } else {
      try fields.requireKeys(among: ["maximum", "minimum"])
      self = .span(
        maximum: try WrittenComparison.Optimum(fields.requiredObject("maximum"), read),
        minimum: try WrittenComparison.Optimum(fields.requiredObject("minimum"), read))
    }
  }
}

extension WrittenComparison.DistanceCertificate {
  init(_ fields: DocumentFields, _ read: EntryReader) throws(InputError) {
    let points = try fields.objects("points", read)
    if fields["dual"] != nil {
      try fields.requireKeys(among: ["points", "dual"])
      var potentials: [(multiplier: Rational, potential: NumberVector)] = []
      for point in points {
        try point.requireKeys(among: ["multiplier", "potential"])
        potentials.append(
          (
            try point.required("multiplier", read.number),
            try point.required("potential", read.numberVector)
          ))
      }
      self = .quotient(potentials, dual: try fields.required("dual", read.canonicalEntries))
    } else {
      try fields.requireKeys(among: ["points"])
      typealias Optimum = WrittenComparison.Optimum
      var optima: [(multiplier: Rational, maximum: Optimum, minimum: Optimum)] = []
      for point in points {
        try point.requireKeys(among: ["multiplier", "maximum", "minimum"])
        optima.append(
          (
            try point.required("multiplier", read.number),
            try Optimum(point.requiredObject("maximum"), read),
            try Optimum(point.requiredObject("minimum"), read)
          ))
      }
      self = .span(optima)
    }
  }
}

extension WrittenComparison.Reward {
  init(name: String, _ fields: DocumentFields, _ read: EntryReader) throws(InputError) {
    try fields.requireKeys(
      among: ["trivial", "canonical", "certificate"],
      decimals: ["minimum", "maximum", "span", "norm"])
    self.name = name
    isTrivial = try fields.required("trivial", read.truth)
    minimum = try fields.required("minimum", read.number)
    maximum = try fields.required("maximum", read.number)
    span = try fields.required("span", read.number)
    norm = try fields.required("norm", read.printedNumberOrNull)
    canonical = try fields.optional("canonical", read.canonicalEntries)
    let certificate = try fields.object("certificate")
    try certificate?.requireKeys(among: ["policyValues", "maximum", "minimum", "norm"])
    normCertificate = try certificate?.object("norm").map { (fields) throws(InputError) in
      try WrittenComparison.NormCertificate(fields, read)
    }
    policyValues = try certificate?.optional("policyValues", read.numberVector)
    maximumCertificate = try .optional("maximum", in: certificate, read)
    minimumCertificate = try .optional("minimum", in: certificate, read)
  }
}

extension WrittenComparison.Pair {
  private static let keys = [
    "rewards", "worstCaseRegret", "proxyRegret", "sameOrdering", "reversedOrdering",
    "sameOptimalPolicies", "orderingCertificate", "boundConstants", "regretPolicies",
    "certificate",
  ]

  init(_ fields: DocumentFields, _ read: EntryReader) throws(InputError) {
    try fields.requireKeys(among: Self.keys, decimals: ["distance", "spanDistance"])
    names = try Self.names(fields, read)
    let arrows = [names[0] + "->" + names[1], names[1] + "->" + names[0]]
    distance = try fields.required("distance", read.printedNumber)
    spanDistance = try fields.required("spanDistance", read.number)
    sameOrdering = try fields.required("sameOrdering", read.truth)
    reversedOrdering = try fields.required("reversedOrdering", read.truth)
    sameOptimalPolicies = try fields.required("sameOptimalPolicies", read.truth)
    ordering = try WrittenComparison.Ordering(
      fields.requiredObject("orderingCertificate"), names, read)
    boundConstants = try Self.constants(fields, read)
    let certificate = try fields.object("certificate")
    try certificate?.requireKeys(among: ["spanDistance", "distance", "proxyRegret"])
    distanceCertificate = try certificate?.object("distance").map { (fields) throws(InputError) in
      try WrittenComparison.DistanceCertificate(fields, read)
    }
    spanCertificates = try Self.spanCertificates(certificate, read)
    worstCaseRegret = try Self.regrets(fields.requiredObject("worstCaseRegret"), arrows, read)
    proxyRegret = try Self.proxyRegrets(fields, certificate, arrows, read)
    regretPolicies = try Self.regretPolicies(
      fields.requiredObject("regretPolicies"), arrows, read)
  }

  static func names(
    _ fields: DocumentFields, _ read: EntryReader
  ) throws(InputError) -> [String] {
    let names = try fields.required("rewards") { (node: JSONNode) throws(Malformed) in
      try read.list(node, of: read.text)
    }
    guard names.count == 2 else {
      throw fields.error("a pair has two names, but there are \(names.count)", at: "rewards")
    }
    return names
  }

  static func constants(
    _ fields: DocumentFields, _ read: EntryReader
  ) throws(InputError) -> (lower: Rational, upper: Rational)? {
    guard let node = fields["boundConstants"] else { throw fields.missing("boundConstants") }
    if case .null = node.kind { return nil }
    let inner = try fields.requiredObject("boundConstants")
    try inner.requireKeys(among: [], decimals: ["lower", "upper"])
    return (
      try inner.required("lower", read.number), try inner.required("upper", read.number)
    )
  }

  private static func spanCertificates(
    _ certificate: DocumentFields?, _ read: EntryReader
  ) throws(InputError) -> (
    maximum: WrittenComparison.Optimum, minimum: WrittenComparison.Optimum
  )? {
    guard let fields = try certificate?.object("spanDistance") else { return nil }
    try fields.requireKeys(among: ["maximum", "minimum"])
    return (
      try WrittenComparison.Optimum(fields.requiredObject("maximum"), read),
      try WrittenComparison.Optimum(fields.requiredObject("minimum"), read)
    )
  }

  private static func regrets(
    _ fields: DocumentFields, _ arrows: [String], _ read: EntryReader
  ) throws(InputError) -> [Rational] {
    try fields.requireKeys(among: [], decimals: arrows)
    return [
      try fields.required(arrows[0], read.number), try fields.required(arrows[1], read.number),
    ]
  }

  private static func proxyRegrets(
    _ fields: DocumentFields, _ certificate: DocumentFields?, _ arrows: [String],
    _ read: EntryReader
  ) throws(InputError) -> [WrittenComparison.ProxyRegret] {
    let all = try fields.requiredObject("proxyRegret")
    try all.requireKeys(among: arrows)
    let proofs = try certificate?.object("proxyRegret")
    try proofs?.requireKeys(among: arrows)
    var regrets: [WrittenComparison.ProxyRegret] = []
    for arrow in arrows {
      let own = try all.requiredObject(arrow)
      try own.requireKeys(among: [], decimals: ["worst", "best"])
      let proof = try proofs?.object(arrow)
      try proof?.requireKeys(among: ["worst", "best"])
      regrets.append(
        WrittenComparison.ProxyRegret(
          worst: try own.required("worst", read.number),
          best: try own.required("best", read.number),
          worstCertificate: try .optional("worst", in: proof, read),
          bestCertificate: try .optional("best", in: proof, read)))
    }
    return regrets
  }

  private static func regretPolicies(
    _ fields: DocumentFields, _ arrows: [String], _ read: EntryReader
  ) throws(InputError) -> [WrittenComparison.Regret?] {
    try fields.requireKeys(among: arrows)
    var regrets: [WrittenComparison.Regret?] = []
    for arrow in arrows {
      guard let own = try fields.object(arrow) else {
        regrets.append(nil)
        continue
      }
      regrets.append(try WrittenComparison.Regret(own, read))
    }
    return regrets
  }
}

extension WrittenComparison.Regret {
  init(_ fields: DocumentFields, _ read: EntryReader) throws(InputError) {
    try fields.requireKeys(among: [
      "multiplier", "better", "worse", "upperValues", "lowerValues", "betterOccupancy",
      "worseOccupancy",
    ])
    multiplier = try fields.required("multiplier", read.number)
    better = try fields.required("better", read.stochasticPolicy)
    worse = try fields.required("worse", read.stochasticPolicy)
    upperValues = try fields.required("upperValues", read.numberVector)
    lowerValues = try fields.required("lowerValues", read.numberVector)
    betterOccupancy = try fields.optional("betterOccupancy", read.occupancy)
    worseOccupancy = try fields.optional("worseOccupancy", read.occupancy)
  }
}

extension WrittenComparison.Ordering {
  init(_ fields: DocumentFields, _ names: [String], _ read: EntryReader) throws(InputError) {
    switch try fields.required("kind", read.text) {
    case "equivalent":
      try fields.requireKeys(among: ["kind", "scale", "potential", "secondPotential"])
      self = .equivalent(
        scale: try fields.required("scale", read.number),
        potential: try fields.required("potential", read.numberVector),
        secondPotential: try fields.optional("secondPotential", read.numberVector))
    case "witness":
      try fields.requireKeys(among: ["kind", "first", "second", "values"])
      let values = try fields.requiredObject("values")
      try values.requireKeys(among: names)
      var pairs: [[Rational]] = []
      for name in names {
        let pair = try values.required(name) { (node: JSONNode) throws(Malformed) in
          try read.list(node, of: read.number)
        }
        guard pair.count == 2 else {
          throw values.error("two values are expected, but there are \(pair.count)", at: name)
        }
        pairs.append(pair)
      }
      self = .witness(
        first: try fields.required("first", read.stochasticPolicy),
        second: try fields.required("second", read.stochasticPolicy), values: pairs)
    case let kind:
      throw fields.error(
        "there is no ordering certificate of the kind \(excerpt(kind)); there are 'equivalent' "
          + "and 'witness'", at: "kind")
    }
  }
}
