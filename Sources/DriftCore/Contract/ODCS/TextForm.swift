/// A text that the standard wants in a certain form.
struct TextForm: Sendable {
  /// For messages: "a reference to a column".
  let what: String
  let hint: String
  let isLegal: @Sendable (String, ODCSVersion) -> Bool

  static let sftp = TextForm(what: "an address of SFTP", hint: "begin it with sftp://") { text, _ in
    text.hasPrefix("sftp://")
  }

  /// By names, `table.column`, or by ids, `schema/tbl_account/properties/col_id`, perhaps of another file.
  static let reference = TextForm(
    what: "a reference to a column", hint: "write table.column, or /schema/ID/properties/ID"
  ) { text, version in
    isShorthand(text, version) || isQualified(text, version)
  }

  private static func isShorthand(_ text: String, _ version: ODCSVersion) -> Bool {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    if parts.count < 2 || (parts.count > 2 && version < .v320) { return false }
    return parts.allSatisfy { isWord($0, dashes: version >= .v320) }
  }

  /// Pairs of a section and an id in it.
  private static func isQualified(_ text: String, _ version: ODCSVersion) -> Bool {
    var path = text[...]
    if let mark = path.firstIndex(of: "#") {
      guard isFile(path[..<mark], version) else { return false }
      path = path[path.index(after: mark)...]
    }
    if path.first == "/" { path.removeFirst() }
    let parts = path.split(separator: "/", omittingEmptySubsequences: false)
    return parts.count.isMultiple(of: 2)
      && parts.enumerated().allSatisfy { index, part in
        index.isMultiple(of: 2) ? isWord(part, dashes: false) : isLegalID(String(part), in: version)
      }
  }

  private static func isFile(_ text: Substring, _ version: ODCSVersion) -> Bool {
    let path = ["https://", "http://"].first { text.hasPrefix($0) }.map { text.dropFirst($0.count) } ?? text
    let endings = version >= .v320 ? [".yaml", ".yml"] : [".yaml"]
    return endings.contains { path.hasSuffix($0) && path.utf8.count > $0.utf8.count }
      && path.utf8.allSatisfy { isLetter($0) || isNumeral($0) || "._-/".utf8.contains($0) }
  }

  private static func isWord(_ text: Substring, dashes: Bool) -> Bool {
    guard let first = text.utf8.first, isLetter(first) || first == 0x5F else { return false }
    return text.utf8.allSatisfy { isLetter($0) || isNumeral($0) || $0 == 0x5F || (dashes && $0 == 0x2D) }
  }

  private static func isLetter(_ byte: UInt8) -> Bool { (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte) }
  private static func isNumeral(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
}
