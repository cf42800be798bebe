/// The text of a file as Mooring would lay it out: keys in the standard's order, two blanks a level, quotes where a
/// reader needs them. Comments go along with what they speak of; lists, and what is in brackets, stay as they are.
///
/// What it says does not change, down to every comment: otherwise the file is refused.
package func canonicalText(of bytes: [UInt8], path: String) throws(EditRefusal) -> [UInt8] {
  let (root, problems) = readYAML(bytes, path: path)
  guard let root else {
    throw EditRefusal(diagnostic: problems.first ?? Diagnostic(path: path, message: "the file cannot be read"))
  }
  let text = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? Array([0x20, 0x20, 0x20] + bytes.dropFirst(3)) : bytes
  let comments = YAMLComments(text, root: root)
  let isContract = path.hasSuffix("contract.odcs.yaml")
  let layout = CanonicalLayout(comments: comments)
  let lines =
    comments.header + layout.block(root, shape: isContract ? .contract : nil, indent: 0) + comments.footer
  let result = Array(lines.map { $0 + "\n" }.joined().utf8)
  guard let again = readYAML(result, path: path).root, saysTheSame(root, again),
    YAMLComments(result, root: again).all == comments.all
  else {
    throw refusal(path, "the file cannot be laid out without changing what it says")
  }
  return result
}

/// Whether two documents say the same to every reader: the order of keys and the kind of quotes do not matter.
private func saysTheSame(_ left: YAMLNode, _ right: YAMLNode) -> Bool {
  switch (left.content, right.content) {
  case (.scalar(let old, let oldStyle), .scalar(let new, let newStyle)):
    let isSameKind = (oldStyle == .plain) == (newStyle == .plain)
    return old.utf8.elementsEqual(new.utf8) && (isSameKind || !isReadDifferently(old))
  case (.sequence(let old, _), .sequence(let new, _)):
    return old.count == new.count && zip(old, new).allSatisfy(saysTheSame)
  case (.mapping(let old, _), .mapping(let new, _)):
    let values = Dictionary(new.map { (ColumnName($0.name), $0.value) }, uniquingKeysWith: { first, _ in first })
    return old.count == new.count
      && old.allSatisfy { entry in values[ColumnName(entry.name)].map { saysTheSame(entry.value, $0) } ?? false }
  default: return false
  }
}
