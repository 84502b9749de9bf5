import Certificates
import Expressivity
import Testing

@Suite("Preorder of the formalisms")
struct FormalismPreorderTests {
  private let preorder = FormalismPreorder()

  @Test("arrows and witnesses decide every pair: 124 hold, 148 fail")
  func everyPairIsDecided() {
    #expect(preorder.relations.count == 272)
    #expect(preorder.relations.count(where: \.holds) == 124)
    #expect(preorder.relations.count { !$0.holds } == 148)
  }

  @Test("no witness contradicts an arrow")
  func consistency() {
    for witness in Witness.allCases {
      for weaker in witness.weaker {
        for stronger in witness.stronger {
          #expect(
            !preorder.expresses(weaker, stronger), "\(witness.rawValue): \(weaker) \(stronger)")
        }
      }
    }
  }

  @Test("there are eleven classes and their covering relations are those of the note")
  func hasse() {
    let classes = preorder.classes
    #expect(classes.count == 11)
    let names = classes.map { Set($0.map(\.rawValue)) }
    #expect(names.contains(["INMR", "IMORL", "FTR"]))
    #expect(names.contains(["OMORL", "FOMR", "FTLR"]))
    #expect(names.contains(["GOMORL", "OMO", "TLO"]))
    func name(_ place: Int) -> String {
      let named = ["FTR", "FTLR", "TLO"].first { names[place].contains($0) }
      return named ?? classes[place][0].rawValue
    }
    let found = Set(preorder.coverings.map { "\(name($0.upper)) > \(name($0.lower))" })
    let expected: Set = [
      "PO > FPR", "PO > TLO", "FPR > FTLR", "TLO > FTLR", "FTLR > FTR", "FTLR > RRL",
      "FTLR > ONMR", "FTR > RM", "FTR > LAR", "FTR > LTL", "RM > MR", "RRL > MR", "ONMR > MR",
    ]
    #expect(found == expected)
  }

  @Test("every chain of arrows leads from the weaker to the stronger formalism")
  func chains() {
    for relation in preorder.relations {
      guard case .inclusions(let chain) = relation.reason else { continue }
      #expect(chain.first?.weaker == relation.to)
      #expect(chain.last?.stronger == relation.from)
      for (arrow, next) in zip(chain, chain.dropFirst()) {
        #expect(arrow.stronger == next.weaker)
      }
    }
  }

  @Test("the pairs that need an infinite argument are refuted by W1, W5, W6, W7 alone")
  func infiniteEvidence() {
    for relation in preorder.relations {
      guard case .witness(let witness) = relation.reason else { continue }
      let expected: Set<Witness> = [
        .lexicographic, .uniformIsBest, .conditionalChoice, .eventually,
      ]
      #expect(witness.evidence == .finite || expected.contains(witness))
    }
  }
}
