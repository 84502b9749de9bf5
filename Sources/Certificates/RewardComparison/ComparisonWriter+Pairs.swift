import ExactArithmetic
import ExactJSON
import MarkovDecisionProcesses

extension ComparisonWriter {
  func write(_ pair: ComparisonAnswer.Pair) {
    let names = [answer.rewards[pair.first].name, answer.rewards[pair.second].name]
    let arrows = [names[0] + "->" + names[1], names[1] + "->" + names[0]]
    writer.beginObject()
    list("rewards", names, writer.string)
    number("distance", pair.distance)
    number("spanDistance", pair.spanDistance)
    fields.field("worstCaseRegret") {
      writer.beginObject()
      for (arrow, regret) in zip(arrows, pair.worstCaseRegret) { number(arrow, regret) }
      writer.endObject()
    }
    fields.field("proxyRegret") {
      writer.beginObject()
      for (arrow, regret) in zip(arrows, pair.proxyRegret) {
        fields.field(arrow) {
          writer.beginObject()
          number("worst", regret.worst)
          number("best", regret.best)
          writer.endObject()
        }
      }
      writer.endObject()
    }
    fields.field("sameOrdering") { writer.bool(pair.sameOrdering) }
    fields.field("reversedOrdering") { writer.bool(pair.reversedOrdering) }
    fields.field("sameOptimalPolicies") { writer.bool(pair.sameOptimalPolicies) }
    fields.field("orderingCertificate") { write(pair.orderingCertificate, names) }
    fields.field("boundConstants") { write(pair.boundConstants) }
    fields.field("regretPolicies") {
      writer.beginObject()
      for (arrow, regret) in zip(arrows, pair.regretPolicies) {
        if let regret { fields.field(arrow) { write(regret) } }
      }
      writer.endObject()
    }
    fields.field("certificate") { write(certificatesOf: pair, arrows) }
    writer.endObject()
  }

  func write(_ certificate: ComparisonAnswer.OrderingCertificate, _ names: [String]) {
    writer.beginObject()
    switch certificate {
    case .equivalent(let scale, let potential, let secondPotential):
      fields.string("kind", "equivalent")
      fields.string("scale", "\(scale)")
      fields.field("potential") { fields.vector(potential) }
      if let secondPotential {
        fields.field("secondPotential") { fields.vector(secondPotential) }
      }
    case .witness(let first, let second, let values):
      fields.string("kind", "witness")
      fields.field("first") { write(first) }
      fields.field("second") { write(second) }
      fields.field("values") {
        writer.beginObject()
        for (name, pair) in zip(names, values) {
          fields.field(name) { strings(pair.map(\.description)) }
        }
        writer.endObject()
      }
    }
    writer.endObject()
  }

  func write(_ constants: (lower: Rational, upper: Rational)?) {
    guard let constants else { return writer.null() }
    writer.beginObject()
    number("lower", constants.lower)
    number("upper", constants.upper)
    writer.endObject()
  }

  private func write(_ regret: ComparisonAnswer.Regret) {
    writer.beginObject()
    fields.string("multiplier", "\(regret.multiplier)")
    fields.field("better") { write(regret.better) }
    fields.field("worse") { write(regret.worse) }
    fields.field("upperValues") { fields.vector(regret.upperValues) }
    fields.field("lowerValues") { fields.vector(regret.lowerValues) }
    if let occupancy = regret.betterOccupancy {
      fields.field("betterOccupancy") { occupancy.write(to: writer, names: model) }
    }
    if let occupancy = regret.worseOccupancy {
      fields.field("worseOccupancy") { occupancy.write(to: writer, names: model) }
    }
    writer.endObject()
  }

  private func write(certificatesOf pair: ComparisonAnswer.Pair, _ arrows: [String]) {
    writer.beginObject()
    if let (maximum, minimum) = pair.spanCertificates {
      fields.field("spanDistance") {
        writer.beginObject()
        fields.field("maximum") { write(maximum) }
        fields.field("minimum") { write(minimum) }
        writer.endObject()
      }
    }
    if let distance = pair.distanceCertificate {
      fields.field("distance") { write(distance) }
    }
    fields.field("proxyRegret") {
      writer.beginObject()
      for (arrow, regret) in zip(arrows, pair.proxyRegret) {
        guard let worst = regret.worstCertificate, let best = regret.bestCertificate else {
          continue
        }
        fields.field(arrow) {
          writer.beginObject()
          fields.field("worst") { write(worst) }
          fields.field("best") { write(best) }
          writer.endObject()
        }
      }
      writer.endObject()
    }
    writer.endObject()
  }
}
