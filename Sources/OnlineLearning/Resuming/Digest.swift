import ExactArithmetic
import MarkovDecisionProcesses

/// A checksum of 64 bits, by which a file is held to be about the same model, and undamaged.
///
/// Not for defence: it finds mistakes. FNV-1a.
struct Digest {
  private var value: UInt64 = 0xCBF2_9CE4_8422_2325

  init() {}

  mutating func add(bytes: some Sequence<UInt8>) {
    for byte in bytes { value = (value ^ UInt64(byte)) &* 0x0000_0100_0000_01B3 }
  }

  /// Adds a number or a text, ended by a space.
  mutating func add(_ part: some CustomStringConvertible) {
    add(bytes: part.description.utf8)
    add(bytes: CollectionOfOne(UInt8(ascii: " ")))
  }

  /// Sixteen hexadecimal digits.
  var hexadecimal: String {
    let digits = String(value, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }

  static func hexadecimal(of bytes: [UInt8]) -> String {
    var digest = Digest()
    digest.add(bytes: bytes)
    return digest.hexadecimal
  }

}

extension Digest {
  /// Of the choices of a model and their laws; rewards are added by those who use them.
  init(of model: FiniteMDP) {
    self.init()
    add(model.stateCount)
    for choice in 0..<model.choiceCount {
      add(model.state(of: Choice(choice)).index)
      add(model.action(of: Choice(choice)).index)
      for (successor, probability) in model.transitions(of: Choice(choice)) {
        add(successor.index)
        add(probability)
      }
    }
  }
}
