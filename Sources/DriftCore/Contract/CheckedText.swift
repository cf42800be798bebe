/// The one problem that ended the reading.
struct YAMLRefusal: Error {
  var diagnostic: Diagnostic

  init(diagnostic: Diagnostic) {
    self.diagnostic = diagnostic
    self.diagnostic.check = .yaml
  }
}

/// A file's bytes after the checks that need no scanner, and what turns the scanner's marks into byte offsets.
struct CheckedText {
  let path: String
  /// Without a byte order mark.
  let bytes: [UInt8]
  /// 3 where a byte order mark was removed.
  let skipped: Int
  private(set) var warnings: [Diagnostic] = []
  /// The byte offset of each character; empty where every character is one byte.
  private var offsets: [Int32] = []

  init(_ bytes: [UInt8], path: String) throws(YAMLRefusal) {
    self.path = path
    guard bytes.count <= YAMLLimits.bytes else {
      throw YAMLRefusal(
        diagnostic: Diagnostic(
          path: path, message: "the file has more than \(YAMLLimits.bytes >> 20) MiB",
          hint: "split it, or take out what is not a contract's"))
    }
    let marks = bytes.prefix(2)
    guard !marks.elementsEqual([0xFF, 0xFE]), !marks.elementsEqual([0xFE, 0xFF]) else {
      throw YAMLRefusal(
        diagnostic: Diagnostic(
          path: path, line: 1, message: "the file is UTF-16", hint: "save it as UTF-8"))
    }
    skipped = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
    self.bytes = skipped == 0 ? bytes : Array(bytes.dropFirst(skipped))
    var isASCII = true
    var hasReturn = false
    for byte in self.bytes {
      if byte >= 0x80 { isASCII = false }
      if byte == 0x0D { hasReturn = true }
    }
    if hasReturn { try refuseLoneReturns() }
    if !isASCII { try checkUnicode() }
  }

  private func refuseLoneReturns() throws(YAMLRefusal) {
    for (index, byte) in bytes.enumerated()
    where byte == 0x0D && (index + 1 == bytes.count || bytes[index + 1] != 0x0A) {
      throw refusal(
        at: index, "a carriage return without a line feed", hint: "end lines with LF or CRLF")
    }
  }

  /// Validates UTF-8, refuses line ends that only YAML 1.1 knows, and notes where each character starts.
  private mutating func checkUnicode() throws(YAMLRefusal) {
    guard String(validating: bytes, as: UTF8.self) != nil else {
      var decoder = UTF8()
      var iterator = bytes.makeIterator()
      var index = 0
      while case .scalarValue(let scalar) = decoder.decode(&iterator) {
        index += UTF8.width(scalar)
      }
      throw refusal(at: index, "a byte that is not UTF-8", hint: "save the file as UTF-8")
    }
    offsets.reserveCapacity(bytes.count + 1)
    for (index, byte) in bytes.enumerated() where byte & 0xC0 != 0x80 {
      offsets.append(Int32(index))
      guard byte == 0xC2 || byte == 0xE2 else { continue }
      let tail = (
        index + 1 < bytes.count ? bytes[index + 1] : 0,
        index + 2 < bytes.count ? bytes[index + 2] : 0
      )
      switch (byte, tail.0, tail.1) {
      case (0xC2, 0x85, _), (0xE2, 0x80, 0xA8), (0xE2, 0x80, 0xA9):
        throw refusal(
          at: index, "a line end that only some YAML readers know",
          hint: "write it as an escape in double quotes")
      case (0xE2, 0x80, 0xAA...0xAE), (0xE2, 0x81, 0xA6...0xA9):
        let place = place(of: index)
        warnings.append(
          Diagnostic(
            path: path, line: place.line, column: place.column, severity: .warning,
            message: "a character that turns the direction of text hides what is written here",
            hint: "write it as an escape in double quotes"))
      default: break
      }
    }
    offsets.append(Int32(bytes.count))
  }

  /// The offset in the whole file of the character with this index.
  func offset(_ character: Int) -> Int {
    if offsets.isEmpty { return skipped + min(character, bytes.count) }
    return skipped + Int(offsets[min(character, offsets.count - 1)])
  }

  func place(of index: Int) -> (line: Int, column: Int) {
    let before = bytes[..<index]
    let lineStart = before.lastIndex(of: 0x0A).map { $0 + 1 } ?? 0
    let line = 1 + before.reduce(0) { $0 + ($1 == 0x0A ? 1 : 0) }
    return (line, 1 + bytes[lineStart..<index].reduce(0) { $0 + ($1 & 0xC0 == 0x80 ? 0 : 1) })
  }

  func refusal(at index: Int, _ message: String, hint: String? = nil) -> YAMLRefusal {
    let place = place(of: min(index, bytes.count))
    return YAMLRefusal(
      diagnostic: Diagnostic(
        path: path, line: place.line, column: place.column, message: message, hint: hint))
  }

  /// Whether the line is indented with a tab.
  func startsWithTab(line: Int) -> Bool {
    var number = 0
    for row in bytes.split(separator: 0x0A, omittingEmptySubsequences: false) {
      if number == line { return row.first { $0 != 0x20 } == 0x09 }
      number += 1
    }
    return false
  }
}
