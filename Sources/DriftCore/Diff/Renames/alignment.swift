/// How alike two words are, 0 to 1: the same, one short for the other, of one stem, misspelled, or of one meaning.
func similarity(_ left: String, _ right: String) -> Double {
  if left == right { return 1 }
  var short = Array(left.utf8)
  var long = Array(right.utf8)
  if short.count > long.count { swap(&short, &long) }
  if short.count >= 3, long.count >= short.count + 2, long.starts(with: short) { return 0.8 }
  if short.count >= 4 {
    let stem = zip(short, long).prefix { $0 == $1 }.count
    if stem >= 4, 5 * stem >= 3 * long.count { return 0.8 }
    if short.count >= 5, long.count <= short.count + 2,
      editDistance(short, long) <= (long.count < 8 ? 1 : 2)
    {
      return 0.9
    }
  }
  if short.count >= 3, short[0] == long[0], long.count > short.count + 1, isContraction(short, of: long) {
    return 0.6
  }
  return areSynonyms(left, right) ? 0.6 : 0
}

/// All of `short` stands in `long`, in order: `mgr` in `manager`.
private func isContraction(_ short: [UInt8], of long: [UInt8]) -> Bool {
  var rest = short[...]
  for byte in long where byte == rest.first { rest.removeFirst() }
  return rest.isEmpty
}

/// Two lists of words laid beside each other.
struct Alignment {
  /// Words that correspond, and how much alike they are.
  var shared: [(left: Int, right: Int, similarity: Double)] = []
  /// Words, by their numbers in `WordNumbers`, that only one side has.
  var lost: [Int] = []
  var gained: [Int] = []

  /// Pairs the most similar words first, of equals those whose places differ least.
  init(_ left: [Int], _ right: [Int], _ wordNumbers: inout WordNumbers) {
    var pairs: [(rank: Double, left: Int, right: Int, similarity: Double)] = []
    for (i, word) in left.enumerated() {
      for (j, other) in right.enumerated() {
        let similarity = wordNumbers.similarity(word, other)
        if similarity > 0 {
          pairs.append((similarity - 0.001 * Double(abs(i - j)), i, j, similarity))
        }
      }
    }
    pairs.sort { ($1.rank, $0.left, $0.right) < ($0.rank, $1.left, $1.right) }
    var isTakenLeft = [Bool](repeating: false, count: left.count)
    var isTakenRight = [Bool](repeating: false, count: right.count)
    for pair in pairs where !isTakenLeft[pair.left] && !isTakenRight[pair.right] {
      isTakenLeft[pair.left] = true
      isTakenRight[pair.right] = true
      shared.append((pair.left, pair.right, pair.similarity))
    }
    lost = left.indices.filter { !isTakenLeft[$0] }.map { left[$0] }
    gained = right.indices.filter { !isTakenRight[$0] }.map { right[$0] }
  }
}

/// The words of one table's removed and added columns, each known by a number.
struct WordNumbers {
  private(set) var words: [String] = []
  private var numbers: [String: Int] = [:]
  private var similarities: [Int: Double] = [:]

  mutating func number(of word: String) -> Int {
    if let number = numbers[word] { return number }
    numbers[word] = words.count
    words.append(word)
    return words.count - 1
  }

  mutating func similarity(_ left: Int, _ right: Int) -> Double {
    if left == right { return 1 }
    let key = min(left, right) << 32 | max(left, right)
    if let known = similarities[key] { return known }
    let similarity = DriftCore.similarity(words[left], words[right])
    similarities[key] = similarity
    return similarity
  }
}
