import FoundationEssentials

/// Documents that once were right, broken again and again: the same seed breaks them in the same way.
struct Mutations {
  private var state: UInt64
  private let corpus: [[UInt8]]
  private let words: [[UInt8]]

  /// - Parameters:
  ///   - folders: below `fixtures/`; every file in them is a document to begin from.
  ///   - words: what the grammar gives a meaning to.
  init(of folders: [String], ending: String, words: [String], seed: UInt64) throws {
    state = seed &* 0x9E37_79B9_7F4A_7C15 &+ 1
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("fixtures").path
    corpus = try folders.flatMap { folder in
      try FileManager.default.subpathsOfDirectory(atPath: "\(root)/\(folder)").sorted().filter { $0.hasSuffix(ending) }
        .map { Array(try Data(contentsOf: URL(fileURLWithPath: "\(root)/\(folder)/\($0)"))) }
    }
    self.words = words.map { Array($0.utf8) }
  }

  mutating func next() -> [UInt8] {
    var document = corpus[number(below: corpus.count)]
    for _ in 0...number(below: 4) { mutate(&document) }
    return document
  }

  private mutating func mutate(_ document: inout [UInt8]) {
    let at = number(below: document.count + 1)
    let end = min(document.count, at + number(below: 40))
    switch number(below: 7) {
    case 0: if at < document.count { document[at] ^= UInt8(1 << number(below: 8)) }
    case 1: document.removeSubrange(at..<end)
    case 2: document.insert(contentsOf: document[at..<end], at: at)
    case 3, 4: document.insert(contentsOf: words[number(below: words.count)], at: at)
    case 5: document.replaceSubrange(at..<end, with: words[number(below: words.count)])
    default:
      let other = corpus[number(below: corpus.count)]
      let from = number(below: other.count + 1)
      document.replaceSubrange(at..<end, with: other[from..<min(other.count, from + number(below: 200))])
    }
  }

  private mutating func number(below limit: Int) -> Int {
    state &+= 0x9E37_79B9_7F4A_7C15
    var value = state
    value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
    value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
    return Int((value ^ (value >> 31)) % UInt64(max(1, limit)))
  }
}
