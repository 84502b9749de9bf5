import Foundation

/// The stored inputs and answers under `Tests/Fixtures`.
public enum Fixture {
  /// The folder, found from this source file so that it needs no resource bundle.
  public static let folder = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().appending(path: "Fixtures")

  /// The path of a stored file, as in `gymnasium/taxi.json`.
  public static func path(_ name: String) -> String {
    folder.appending(path: name).path(percentEncoded: false)
  }

  /// The bytes of a stored file.
  public static func bytes(_ name: String) throws -> [UInt8] {
    try [UInt8](Data(contentsOf: folder.appending(path: name)))
  }

  /// A stored JSON file read by Foundation, a reader that shares no code with ours.
  public static func json(_ name: String) throws -> [String: Any] {
    let object = try JSONSerialization.jsonObject(
      with: Data(contentsOf: folder.appending(path: name)))
    return object as? [String: Any] ?? [:]
  }
}
