import ExactJSON
import Testing

@Suite("Input buffers")
struct InputBufferTests {
  @Test("positions stay right behind text that was given back")
  func discarding() {
    // Lines of 61 characters in 64 bytes: an e with an accent and a sign of three bytes.
    let line = Array("é€".utf8) + [UInt8](repeating: 97, count: 58) + [10]
    var bytes: [UInt8] = []
    bytes.reserveCapacity(6 << 20)
    while bytes.count < 6 << 20 { bytes += line }
    let buffer = InputBuffer(bytes)
    let before = buffer.position(of: bytes.count - 5)
    buffer.discard(upTo: bytes.count - 1000)
    #expect(buffer.position(of: bytes.count - 5) == before)
    #expect(before.line == bytes.count / line.count)
    // The bytes that are left are still the same.
    #expect(Array(buffer.bytes(bytes.count - 64..<bytes.count)) == Array(bytes.suffix(64)))
  }

  @Test("columns count characters, lines line feeds")
  func positions() {
    let buffer = InputBuffer(Array("a\r\né€b\n".utf8))
    let places = (0...buffer.count).map { buffer.position(of: $0) }
    #expect(places.map(\.line) == [1, 1, 1, 2, 2, 2, 2, 2, 2, 2, 3])
    #expect(places[8].column == 3 && places[9].column == 4 && places[10].column == 1)
  }
}
