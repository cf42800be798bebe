/// The text, or as much of its beginning as fits into `limit` bytes together with `pointer`, which is put below.
///
/// The cut is where a block of Markdown ends: at a blank line outside of fenced code and of what is folded away. A first block that is itself too long
/// is cut at a line, and a fence that is open there is closed.
func cut(_ markdown: String, to limit: Int, pointer: String) -> String {
  if markdown.utf8.count <= limit { return markdown }
  let tail = "\n\(pointer)\n"
  var fence: Fence?
  var block = 0
  var folds = 0
  var line = (end: 0, fence: Fence?.none)
  var end = 0
  for text in markdown.utf8.split(separator: newline, omittingEmptySubsequences: false) {
    let next = end + text.count + 1
    let open = fence
    fence = after(text, fence)
    let closing = fence.map { $0.closing.utf8.count } ?? 0
    if next + closing + tail.utf8.count > limit { break }
    end = next
    line = (end, fence)
    if open == nil, fence == nil { folds += depth(text, "<details>") - depth(text, "</details>") }
    if open == nil, fence == nil, folds == 0, text.allSatisfy({ $0 == 0x20 || $0 == 0x0D }) { block = end }
  }
  if block > 0 { return String(decoding: markdown.utf8.prefix(block), as: UTF8.self) + tail }
  let whole = String(decoding: markdown.utf8.prefix(line.end), as: UTF8.self)
  return whole + (line.fence?.closing ?? "") + tail
}

private func depth(_ line: Substring.UTF8View, _ tag: StaticString) -> Int {
  line.starts(with: tag.description.utf8) ? 1 : 0
}

private let newline = UInt8(ascii: "\n")

private struct Fence {
  var mark: UInt8
  var length: Int

  var closing: String { String(repeating: mark == UInt8(ascii: "`") ? "`" : "~", count: length) + "\n" }
}

/// The fence that is open after this line.
private func after(_ line: Substring.UTF8View, _ fence: Fence?) -> Fence? {
  let indented = line.prefix { $0 == 0x20 }.count
  let rest = line.dropFirst(indented)
  guard indented <= 3, let mark = rest.first, mark == UInt8(ascii: "`") || mark == UInt8(ascii: "~")
  else { return fence }
  let length = rest.prefix { $0 == mark }.count
  let info = rest.dropFirst(length)
  guard let fence else {
    // A line of backticks with another one behind it is a code span.
    return length >= 3 && !(mark == UInt8(ascii: "`") && info.contains(mark)) ? Fence(mark: mark, length: length) : nil
  }
  let isEnd = mark == fence.mark && length >= fence.length && info.allSatisfy { $0 == 0x20 || $0 == 0x0D }
  return isEnd ? nil : fence
}
