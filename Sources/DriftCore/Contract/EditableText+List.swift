extension EditableText {
  /// Appends an item to the list under a key of the document, in the list's own style; makes the list where there is none.
  mutating func append(_ item: YAMLText, to key: String) throws(EditRefusal) {
    let root = try root()
    guard let list = root[key], !list.isEmpty else { return try set(key, "[\(item.inline)]", in: root) }
    if list.isFlow, list.items?.isEmpty ?? false {
      // An empty list in brackets gives way to lines.
      return replace(list, with: YAMLText.list([item]).lines.map { "  " + $0 })
    }
    try append(list.isFlow ? [item.inline] : item.lines, to: list)
  }

  /// Takes an item out of the list under a key of the document. The list stays, empty where it was the only one.
  mutating func remove(item index: Int, from key: String) throws(EditRefusal) {
    guard let entry = try root().entry(key), let items = entry.value.items, items.indices.contains(index) else {
      return
    }
    let item = items[index]
    if !entry.value.isFlow {
      try removeLine(of: item)
      if items.count == 1 { insert(" []", at: entry.key.end + 1) }
      return
    }
    let range =
      items.count == 1
      ? entry.value.start + 1..<entry.value.end - 1
      : index > 0 ? items[index - 1].end..<item.end : item.start..<items[1].start
    // A comment may stand there, and would go along.
    if bytes[range].contains(UInt8(ascii: "\n")) {
      throw refusal(path, "\"\(key)\" is written in brackets over several lines", at: item)
    }
    remove(range)
  }
}
