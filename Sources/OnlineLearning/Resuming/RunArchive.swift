import ExactArithmetic
import Foundation
import Synchronization

/// The states of the runs of one experiment, kept so that runs that were stopped can go on.
///
/// In a file it is a line with a head and then a line a run, each a JSON object. The head says what
/// the runs are about (``subject``), and has a checksum of what follows.
public final class RunArchive: Sendable {
  /// What the runs are about, as names and values: algorithm, model, options.
  public let subject: [String: String]
  private let states: Mutex<[UInt64: Data]>

  /// An archive without states.
  public init(subject: [String: String]) {
    self.subject = subject
    states = Mutex([:])
  }

  /// The seeds whose runs have a state.
  public var seeds: [UInt64] { states.withLock { $0.keys.sorted() } }

  // MARK: - States

  private struct Line<Memento: Codable>: Codable {
    let seed: UInt64
    let state: Memento
  }

  private struct SeedLine: Codable {
    let seed: UInt64
  }

  func state<Memento: Codable>(
    of seed: UInt64, as: Memento.Type
  ) throws(ArchiveError) -> Memento? {
    guard let data = states.withLock({ $0[seed] }) else { return nil }
    do {
      return try JSONDecoder().decode(Line<Memento>.self, from: data).state
    } catch {
      throw .misshapen(seed: seed, problem: ArchiveError.text(error))
    }
  }

  func keep<Memento: Codable>(_ memento: Memento, of seed: UInt64) throws {
    let data = try Self.encoder.encode(Line(seed: seed, state: memento))
    states.withLock { $0[seed] = data }
  }

  // MARK: - Files

  static let format = "rationale-learning-state"
  static let version = 1

  private struct Head: Codable {
    let format: String
    let version: Int
    let subject: [String: String]
    let runs: Int
    let checksum: String
  }

  private struct Kind: Codable {
    let format: String
    let version: Int
  }

  private static var encoder: JSONEncoder {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return encoder
  }

  /// The archive as it stands in a file.
  public func contents() throws -> [UInt8] {
    let lines = states.withLock { states in states.sorted { $0.key < $1.key }.map(\.value) }
    var body: [UInt8] = []
    for line in lines { body += [UInt8](line) + [UInt8(ascii: "\n")] }
    let head = Head(
      format: Self.format, version: Self.version, subject: subject, runs: lines.count,
      checksum: Digest.hexadecimal(of: body))
    return [UInt8](try Self.encoder.encode(head)) + [UInt8(ascii: "\n")] + body
  }

  /// Reads what ``contents()`` wrote, for runs about `subject`.
  ///
  /// - Throws: ``ArchiveError``.
  public init(
    reading bytes: [UInt8], subject: [String: String]
  ) throws(ArchiveError) {
    let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    let first = Data(lines.first ?? [])
    let kind: Kind
    let head: Head
    do {
      kind = try JSONDecoder().decode(Kind.self, from: first)
      guard kind.format == Self.format else { throw ArchiveError.noArchive }
    } catch { throw .noArchive }
    guard kind.version == Self.version else { throw .version(kind.version) }
    do {
      head = try JSONDecoder().decode(Head.self, from: first)
    } catch { throw .noArchive }
    let body = Array(bytes.dropFirst((lines.first?.count ?? 0) + 1))
    let runs = lines.dropFirst().filter { !$0.isEmpty }
    guard head.checksum == Digest.hexadecimal(of: body), runs.count == head.runs else {
      throw .damaged
    }
    for (key, own) in subject.sorted(by: { $0.key < $1.key }) {
      let there = head.subject[key]
      guard there == own else { throw .otherSubject(key: key, there: there, here: own) }
    }
    if let extra = Set(head.subject.keys).subtracting(subject.keys).min() {
      throw .otherSubject(key: extra, there: head.subject[extra], here: nil)
    }
    var found: [UInt64: Data] = [:]
    for line in runs {
      do {
        found[try JSONDecoder().decode(SeedLine.self, from: Data(line)).seed] = Data(line)
      } catch { throw .damaged }
    }
    self.subject = subject
    states = Mutex(found)
  }
}

/// What is wrong with a file of states.
public enum ArchiveError: Error, Hashable, Sendable {
  /// The first line is not the head of such a file.
  case noArchive
  case version(Int)
  /// The checksum, or the number of lines, is not that of the head.
  case damaged
  /// The file is about other runs.
  case otherSubject(key: String, there: String?, here: String?)
  /// A state is not one of such a run.
  case misshapen(seed: UInt64, problem: String)

  fileprivate static func text(_ error: any Error) -> String {
    guard let error = error as? DecodingError else { return "\(error)" }
    switch error {
    case .keyNotFound(let key, _): return "'\(key.stringValue)' is missing"
    case .typeMismatch(_, let context), .valueNotFound(_, let context),
      .dataCorrupted(let context):
      let path = context.codingPath.map(\.stringValue).joined(separator: ".")
      return "\(path): \(context.debugDescription)"
    @unknown default: return "\(error)"
    }
  }
}

extension ArchiveError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .noArchive:
      "it does not begin with the head of a '\(RunArchive.format)' file"
    case .version(let version):
      "it is of version \(version), but version \(RunArchive.version) is read"
    case .damaged: "it is damaged: what follows the first line does not have its checksum"
    case .otherSubject(let key, let there?, let here?):
      "it is about other runs: \(key) is \(there) there, but \(here) here"
    case .otherSubject(let key, let there?, nil):
      "it is about other runs: \(key) is \(there) there, and not asked for here"
    case .otherSubject(let key, nil, let here?):
      "it is about other runs: \(key) is \(here) here, and not said there"
    case .otherSubject(let key, nil, nil): "it is about other runs: \(key)"
    case .misshapen(let seed, let problem): "the state of seed \(seed) does not fit: \(problem)"
    }
  }
}
