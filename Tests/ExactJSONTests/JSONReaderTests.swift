import ExactJSON
import Testing

@Suite("Strict JSON reading")
struct JSONReaderTests {
  static func problem(_ bytes: [UInt8]) -> String {
    do throws(JSONError) {
      _ = try JSONDocument(parsing: bytes)
      return "accepted"
    } catch {
      return "\(error)"
    }
  }

  static func problem(_ text: String) -> String { problem(Array(text.utf8)) }

  @Test(
    "a break of the grammar names line, column, what was expected and what was found",
    arguments: [
      ("", "1:1: expected a value, found the end of the text"),
      (" \n\t", "2:2: expected a value, found the end of the text"),
      ("[1, 2", "1:6: expected ',' or ']', found the end of the text"),
      ("{\"a\"", "1:5: expected ':', found the end of the text"),
      ("{\"a\":", "1:6: expected a value, found the end of the text"),
      ("{\"a\":1", "1:7: expected ',' or '}', found the end of the text"),
      ("{\"a\":1,}", "1:8: expected a key in double quotes, found '}'"),
      ("[1,]", "1:4: expected a value, found ']'"),
      ("[,1]", "1:2: expected a value, found ','"),
      ("[1,,2]", "1:4: expected a value, found ','"),
      ("[1 2]", "1:4: expected ',' or ']', found '2'"),
      ("{\"a\" 1}", "1:6: expected ':', found '1'"),
      ("{\"a\":1 \"b\":2}", "1:8: expected ',' or '}', found '\"b'"),
      ("{a:1}", "1:2: expected a key in double quotes or '}', found 'a'"),
      ("{'a':1}", "1:2: expected a key in double quotes or '}', found ''a''"),
      ("['a']", "1:2: expected a value, found ''a''"),
      ("[1] // end", "1:5: expected the end of the text, found '//'"),
      ("[/* one */ 1]", "1:2: expected a value, found '/*'"),
      ("{} {}", "1:4: expected the end of the text, found '{'"),
      ("{}\0", "1:3: expected the end of the text, found the control character U+0000"),
      ("\n\n[é]", "3:2: expected a value, found 'é'"),
      ("[\"é\" 1]", "1:6: expected ',' or ']', found '1'"),
      ("[\"abc", "1:6: expected '\"' at the end of the string 'abc', found the end of the text"),
      ("[tru]", "1:2: expected true or false, found 'tru'"),
      ("[truex]", "1:2: expected true or false, found 'truex'"),
      ("[nul]", "1:2: expected null, found 'nul'"),
      ("]", "1:1: expected a value, found ']'"),
      ("[1}", "1:3: expected ',' or ']', found '}'"),
      ("{\"a\":1,\"a\":2}", "1:8: the key 'a' appears twice in one object"),
      ("{\"a\":1,\"\\u0061\":2}", "1:8: the key 'a' appears twice in one object"),
    ])
  func grammar(text: String, message: String) {
    #expect(Self.problem(text) == message)
  }

  @Test(
    "numbers of other languages are refused with their text",
    arguments: [
      "01", "-01", "+1", ".5", "1.", "-", "1e", "1e+", "1.e3", "NaN", "Infinity", "-Infinity",
      "0x10",
      "1_000", "--1", "1/2", "1.2.3", "٣",
    ])
  func badNumbers(text: String) {
    let message = Self.problem("[\(text)]")
    #expect(message.hasPrefix("1:2: expected a"), "\(message)")
    #expect(message.hasSuffix("found '\(text)'"), "\(message)")
  }

  @Test(
    "a number keeps its text", arguments: ["0", "-0", "7", "1e400", "0.10", "-12.5E+3", "1e-400"])
  func numbers(text: String) throws {
    for document in [text, "[\(text)]", "[\(text) ]", "{\"a\":\(text)}"] {
      let root = try JSONDocument(parsing: Array(document.utf8)).root
      var node = root
      if case .array(let elements) = root.kind { node = elements[0] }
      if let member = root["a"] { node = member }
      if case .number(let found) = node.kind {
        #expect(found == text)
      } else {
        Issue.record("no number")
      }
    }
  }

  @Test(
    "strings are decoded",
    arguments: [
      (#""""#, ""), (#""a\"\\\/\b\f\n\r\t""#, "a\"\\/\u{8}\u{c}\n\r\t"), (#""\u00e9\u20AC""#, "é€"),
      (#""\ud83d\ude00""#, "😀"), (#""é😀\u0000""#, "é😀\0"),
    ])
  func strings(text: String, value: String) throws {
    if case .string(let found) = try JSONDocument(parsing: Array(text.utf8)).root.kind {
      #expect(found == value)
    } else {
      Issue.record("no string")
    }
  }

  @Test(
    "wrong escapes are refused",
    arguments: [
      (#""\x""#, "1:2: expected an escape"), (#""\u12g4""#, "1:2: expected an escape"),
      (#""\u12""#, "1:2: expected an escape"),
      (#""\ud800""#, "1:2: the escape '\\ud800' is a surrogate without its partner"),
      (#""\udc00\ud800""#, "1:2: the escape '\\udc00' is a surrogate without its partner"),
      (#""\ud800\u0061""#, "1:2: the escape '\\ud800' is a surrogate without its partner"),
      ("\"\\", "1:3: expected an escaped character, found the end of the text"),
    ])
  func escapes(text: String, message: String) {
    #expect(Self.problem(text).hasPrefix(message), "\(Self.problem(text))")
  }

  @Test("every control character in a string is refused with its code")
  func controlCharacters() {
    for code in UInt8(0)..<0x20 {
      let hex = String(code, radix: 16, uppercase: true)
      let name = "U+" + String(repeating: "0", count: 4 - hex.count) + hex
      #expect(Self.problem([34, 97, code, 34]).hasPrefix("1:3: the control character \(name) "))
    }
  }

  @Test(
    "what is not UTF-8 is refused",
    arguments: [
      [0xC0, 0xAF], [0xE0, 0x80, 0xAF], [0xF0, 0x80, 0x80, 0xAF], [0xED, 0xA0, 0x80], [0x80],
      [0xF4, 0x90, 0x80, 0x80], [0xF5, 0x80, 0x80, 0x80], [0xFF], [0xC3], [0xE2, 0x82],
      [0xC3, 0x28],
    ] as [[UInt8]])
  func encoding(bytes: [UInt8]) {
    let inString = Self.problem([34] + bytes + [34])
    #expect(inString.hasPrefix("1:2: the byte 0x"))
    #expect(inString.hasSuffix("at offset 1 is not valid UTF-8"))
    #expect(Self.problem([91] + bytes + [93]).hasSuffix("at offset 1 is not valid UTF-8"))
    #expect(Self.problem([34] + bytes).hasSuffix("is not valid UTF-8"), "truncated")
  }

  @Test("UTF-16 and UTF-32 are recognised, a byte order mark of UTF-8 is skipped")
  func marks() throws {
    let text = "{\"a\":1}"
    let little: [UInt8] = text.utf8.flatMap { [$0, 0] as [UInt8] }
    let big: [UInt8] = text.utf8.flatMap { [0, $0] as [UInt8] }
    let widest: [UInt8] = text.utf8.flatMap { [$0, 0, 0, 0] as [UInt8] }
    for bytes in [little, [0xFF, 0xFE] + little, big, [0xFE, 0xFF] + big, widest] {
      #expect(Self.problem(bytes).contains("it has to be UTF-8"))
    }
    #expect(try JSONDocument(parsing: [0xEF, 0xBB, 0xBF] + Array(text.utf8)).root["a"] != nil)
  }

  @Test("nesting may be 512 deep and no deeper")
  func depth() {
    func nested(_ depth: Int) -> String {
      String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
    }
    #expect(Self.problem(nested(512)) == "accepted")
    #expect(Self.problem(nested(513)) == "1:513: nested deeper than 512")
    #expect(
      Self.problem(String(repeating: "[", count: 100_000)).hasSuffix("nested deeper than 512"))
    #expect(
      Self.problem(String(repeating: "{\"a\":", count: 100_000)).hasSuffix("nested deeper than 512")
    )
  }

  @Test("skipping checks the same syntax as reading")
  func skipping() throws {
    for text in ["[1,{\"a\":[true,null,\"x\"]},-2.5]", "{}", "[]", "[[],{}]", "\"a\""] {
      var reader = try JSONReader(InputBuffer(Array(" \(text) ".utf8)))
      #expect(try reader.skipValue() == 1..<1 + text.utf8.count)
      try reader.finish()
    }
    for text in [
      "[1,]", "{\"a\":1,\"a\":2}", "[01]", "[\"\u{1}\"]", String(repeating: "[", count: 513),
    ] {
      #expect(throws: JSONError.self) {
        var reader = try JSONReader(InputBuffer(Array(text.utf8)))
        try reader.skipValue()
      }
    }
  }

  @Test("a long offending text is cut after 60 characters")
  func excerpts() {
    let message = Self.problem("[" + String(repeating: "é", count: 200) + "]")
    #expect(message == "1:2: expected a value, found '" + String(repeating: "é", count: 60) + "…'")
    #expect(excerpt("a\nb") == "'aU+000Ab'")
  }

  @Test("truncated and mutated texts end in an error or a value, never otherwise")
  func mutations() throws {
    let text = Array(
      #"{"a":[1,-2.5e3,"é\n\ud83d\ude00",true,false,null],"b":{"c":{}},"d":[[]]}"#.utf8)
    _ = try JSONDocument(parsing: text)
    for length in text.indices {
      #expect(throws: JSONError.self) { try JSONDocument(parsing: Array(text[..<length])) }
    }
    var refused = 0
    for place in text.indices {
      for byte in [0, 9, 34, 44, 48, 45, 58, 91, 92, 93, 101, 123, 125, 0x80, 0xC3, 0xFF] as [UInt8]
      {
        var mutated = text
        mutated[place] = byte
        if (try? JSONDocument(parsing: mutated)) == nil { refused += 1 }
      }
    }
    #expect(refused > text.count * 8)
  }

  @Test("the example that opens the module's documentation")
  func documentation() throws {
    let text = #"{"discount": 0.95, "rewards": [["low", "1/3"], ["high", 1e-400]]}"#
    let document = try JSONDocument(parsing: Array(text.utf8))
    var found: [String] = []
    if case .number(let digits)? = document.root["discount"]?.kind { found.append(digits) }
    #expect(found == ["0.95"])
    var entries = 0
    var reader = try JSONReader(InputBuffer(Array(text.utf8)))
    try reader.beginObject()
    while let (key, _) = try reader.nextKey() {
      guard key == "rewards" else {
        try reader.skipValue()
        continue
      }
      try reader.beginArray()
      while try reader.nextElement() {
        try reader.skipValue()
        entries += 1
      }
    }
    try reader.finish()
    #expect(entries == 2)
  }
}
