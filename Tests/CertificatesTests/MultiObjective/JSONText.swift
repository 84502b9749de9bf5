import Foundation

/// JSON text read by Foundation, to be spoiled.
enum JSONText {
  static func object(_ text: String) throws -> Object? {
    try JSONSerialization.jsonObject(with: Data(text.utf8)) as? Object
  }
}
