/// The names of a model's states or actions: given one by one, or the numbers `"0"`…`"n-1"`.
public struct NameTable: Sendable, Equatable {
  private let list: [String]
  private let places: [String: Int32]

  public let count: Int

  /// Whether the file gave a count, so that the names are the numbers.
  public var isCount: Bool { list.isEmpty && count > 0 }

  /// The names `"0"`…`"count-1"`.
  public init(count: Int) {
    self.count = count
    list = []
    places = [:]
  }

  /// These names, in this order.
  ///
  /// - Parameter kind: what the names are of, for the message.
  /// - Throws: ``ModelError/nameTwice(kind:name:)``.
  public init(_ names: [String], of kind: ModelError.Kind) throws(ModelError) {
    var places: [String: Int32] = [:]
    places.reserveCapacity(names.count)
    for (place, name) in names.enumerated() {
      guard places.updateValue(Int32(place), forKey: name) == nil else {
        throw .nameTwice(kind: kind, name: name)
      }
    }
    count = names.count
    list = names
    self.places = places
  }

  /// The name at `place`.
  public subscript(place: Int) -> String {
    list.isEmpty ? String(place) : list[place]
  }

  /// All names in order; made on the fly for a count.
  public var names: some RandomAccessCollection<String> {
    (0..<count).lazy.map { self[$0] }
  }

  /// The place of `name`, or `nil` when there is none.
  public func place(of name: String) -> Int? {
    guard list.isEmpty else { return places[name].map(Int.init) }
    guard let place = Int(name), place >= 0, place < count, String(place) == name else {
      return nil
    }
    return place
  }
}
