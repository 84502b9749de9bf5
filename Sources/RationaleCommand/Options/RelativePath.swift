import Foundation

/// The path that leads from the folder of `file` to `path`; standard output (`nil`) counts as a
/// file of the working folder.
///
/// Absolute paths stay, and so does a path that is seen from the working folder already.
func relativePath(of path: String, fromFolderOf file: String?) -> String {
  guard let file, file != "-", file.contains("/"), !path.hasPrefix("/") else { return path }
  let working = FileManager.default.currentDirectoryPath
  func components(_ path: String) -> [String] {
    let absolute = path.hasPrefix("/") ? path : working + "/" + path
    return (absolute as NSString).standardizingPath.split(separator: "/").map(String.init)
  }
  let target = components(path)
  let folder = components(file).dropLast()
  let shared = zip(target, folder).prefix { $0 == $1 }.count
  let up = Array(repeating: "..", count: folder.count - shared)
  return (up + target[shared...]).joined(separator: "/")
}
