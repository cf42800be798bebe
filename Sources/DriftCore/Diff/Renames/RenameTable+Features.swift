import Glibc

/// One number for each `RenameFeature`.
struct RenameFeatures {
  private var values = [Double](repeating: 0, count: RenameFeature.allCases.count)

  subscript(_ feature: RenameFeature) -> Double {
    get { values[feature.rawValue] }
    set { values[feature.rawValue] = newValue }
  }

  func has(_ feature: RenameFeature) -> Bool { self[feature] > 0 }

  mutating func set(_ feature: RenameFeature, if isTrue: Bool) { self[feature] = isTrue ? 1 : 0 }

  /// The logarithm of the odds that the two columns are one, rivals aside.
  var score: Double {
    RenameFeature.allCases.reduce(0) { $0 + $1.weight * self[$1] }
  }
}

extension RenameTable {
  /// What speaks for and against a pair; nil where the names say that it is none.
  func features(of pair: Pair) -> RenameFeatures? {
    let (from, to) = (removed[pair.removed], added[pair.added])
    let isInPlace = areAtSamePlace(from.subject, to.subject)
    if contradict(from, to, pair.alignment), !isInPlace { return nil }
    let words = TellingWords(of: pair, in: self)
    let isReferenceForOther = becameReference(from, to)
    if isReferenceForOther, words.shared.isEmpty, !isInPlace { return nil }
    var features = RenameFeatures()
    features[.base] = 1
    features.set(.becameReference, if: isReferenceForOther)
    addLikeness(of: from, to, pair.alignment, to: &features)
    addTypes(of: pair, from.subject, to.subject, to: &features)
    addRivals(of: pair, words, to: &features)
    addExchangedWords(of: pair, words, to: &features)
    addReferences(from, to, words, to: &features)
    addMeaning(of: pair, to: &features)
    addFamilies(of: pair, words, to: &features)
    addPlace(of: from, to, to: &features)
    return features
  }

  private func addTypes(
    of pair: Pair, _ from: RenameSubject, _ to: RenameSubject, to features: inout RenameFeatures
  ) {
    features.set(.becameText, if: pair.types == .text)
    features.set(.becameOther, if: pair.types == .other)
    features.set(.relaxed, if: from.isNullable == false && to.isNullable == true)
  }

  private func addRivals(of pair: Pair, _ words: TellingWords, to features: inout RenameFeatures) {
    let (from, to) = (removed[pair.removed], added[pair.added])
    let rivals = (
      removed: max(1, removedRivals[to.subject.type] ?? 0), added: max(1, addedRivals[from.subject.type] ?? 0)
    )
    let isAlone = rivals.removed == 1 && rivals.added == 1
    features.set(.alone, if: removed.count == 1 && added.count == 1)
    features.set(.aloneOfType, if: isAlone)
    features.set(.aloneUnlike, if: isAlone && words.shared.isEmpty && !isOtherReference(from, to, words))
    features.set(.unlike, if: words.shared.isEmpty)
    if words.shared.isEmpty {
      features[.unlikeInCrowd] = log(max(1, Double(added.count) / Double(removed.count)))
    }
    features[.removedRivals] = log(Double(rivals.removed))
    features[.addedRivals] = log(Double(rivals.added))
  }

  /// After the rivals: what was exchanged counts more where there are some.
  private func addExchangedWords(of pair: Pair, _ words: TellingWords, to features: inout RenameFeatures) {
    let (from, to, alignment) = (removed[pair.removed], added[pair.added], pair.alignment)
    let isAlone = features.has(.aloneOfType)
    let isInside = !alignment.shared.isEmpty && (alignment.lost.isEmpty || alignment.gained.isEmpty)
    let changed = alignment.lost + alignment.gained
    features.set(.sameCore, if: from.core == to.core || changed.isEmpty)
    features.set(.lostWord, if: isInside && words.lost.contains { !isOfTable($0) && !isUnderscore($0) })
    features.set(.containedAlone, if: isInside && isAlone && !features.has(.lostWord))
    features.set(.tableWords, if: isInside && !changed.isEmpty && changed.allSatisfy(isOfTable))
    features.set(
      .exchangedWord, if: !words.lost.isEmpty && !words.gained.isEmpty && !words.shared.isEmpty && !isAlone)
    features.set(.rareWord, if: !words.shared.isEmpty && alignment.shared.contains { isRare($0, from, to) })
  }

  private func isOtherReference(_ from: Column, _ to: Column, _ words: TellingWords) -> Bool {
    from.words.isReference && to.words.isReference && words.shared.isEmpty
  }

  private func addReferences(
    _ from: Column, _ to: Column, _ words: TellingWords, to features: inout RenameFeatures
  ) {
    let isOther = isOtherReference(from, to, words)
    features.set(.otherReference, if: isOther)
    features.set(
      .requiredReference, if: isOther && from.subject.isNullable == false && to.subject.isNullable == false)
  }

  /// What the words mean: another facet, values made anew, the words that the table's name exchanged.
  private func addMeaning(of pair: Pair, to features: inout RenameFeatures) {
    let (from, to) = (removed[pair.removed], added[pair.added])
    var words = (lost: pair.alignment.lost.map(word), gained: pair.alignment.gained.map(word))
    features.set(
      .otherFacet,
      if: words.lost.contains { old in
        facets.contains(old) && words.gained.contains { $0 != old && facets.contains($0) }
      })
    features.set(
      .replaced, if: !replacements.isDisjoint(with: Set(from.words.words).symmetricDifference(to.words.words)))
    let synonyms = synonyms(in: pair)
    words.lost += synonyms.map(\.old)
    words.gained += synonyms.map(\.new)
    features.set(
      .likeTable,
      if: words.lost.contains { tableBefore.contains($0) && !tableAfter.contains($0) }
        || words.gained.contains { tableAfter.contains($0) && !tableBefore.contains($0) })
  }

  /// What happened to other columns with the same words.
  private func addFamilies(of pair: Pair, _ words: TellingWords, to features: inout RenameFeatures) {
    let exchanged = exchanges[Exchange(pair.alignment)] ?? 1
    if exchanged > 1 {
      if !words.lost.isEmpty || !words.gained.isEmpty { features[.consistent] = log(Double(exchanged)) }
    } else {
      features[.lostFamily] = family(of: words.lost, in: removedWith)
      features[.gainedFamily] = family(of: words.gained, in: addedWith)
      features[.sharedFamily] = family(of: words.shared, in: removedWith)
    }
  }

  /// Words of a pair, by their numbers, that say what the columns are about.
  private struct TellingWords {
    var shared: [Int]
    var lost: [Int]
    var gained: [Int]

    init(of pair: Pair, in table: RenameTable) {
      let forms = table.removed[pair.removed].forms
      shared = pair.alignment.shared.map { forms[$0.left] }.filter(table.isTelling)
      lost = pair.alignment.lost.filter { table.isTelling($0) || table.isUnderscore($0) }
      gained = pair.alignment.gained.filter { table.isTelling($0) || table.isUnderscore($0) }
    }
  }

  /// Words that correspond only in their meaning: evidence for a person, not enough to assert.
  func synonyms(in pair: Pair) -> [(old: String, new: String)] {
    let (from, to) = (removed[pair.removed], added[pair.added])
    return pair.alignment.shared.map { (old: word(from.forms[$0.left]), new: word(to.forms[$0.right])) }
      .filter { areSynonyms($0.old, $0.new) }
  }

  /// Units, negations and roles: words that cannot change without another meaning.
  private func contradict(_ from: Column, _ to: Column, _ alignment: Alignment) -> Bool {
    let lost = alignment.lost.map(word)
    let gained = alignment.gained.map(word)
    let isTime = from.subject.type.isTime && to.subject.type.isTime
    if !isTime, lost.contains(where: units.contains) || gained.contains(where: units.contains) { return true }
    if lost.contains(where: { old in gained.contains { areOpposites(old, $0) } }) { return true }
    return from.words.words.contains { old in to.words.words.contains { areNegations(old, $0) } }
  }

  private func addLikeness(of from: Column, _ to: Column, _ alignment: Alignment, to features: inout RenameFeatures) {
    let left = from.forms.reduce(0) { $0 + weight(of: $1) }
    let right = to.forms.reduce(0) { $0 + weight(of: $1) }
    let common = alignment.shared.reduce(0) {
      $0 + $1.similarity * min(weight(of: from.forms[$1.left]), weight(of: to.forms[$1.right]))
    }
    features[.words] = left + right > 0 ? 2 * common / (left + right) : 0
    features[.containment] = min(left, right) > 0 ? min(1, common / min(left, right)) : 0
    let longest = max(from.words.letters.count, to.words.letters.count)
    if longest > 0, longest <= mostLettersCompared {
      let distance = editDistance(from.words.letters, to.words.letters)
      features[.letters] = max(0, 1 - Double(distance) / Double(longest) - 0.3)
    }
  }

  private func word(_ number: Int) -> String { wordNumbers.words[number] }
  fileprivate func isUnderscore(_ number: Int) -> Bool { word(number) == "_" }
  private func isOfTable(_ number: Int) -> Bool {
    tableBefore.contains(word(number)) || tableAfter.contains(word(number))
  }

  /// Says what the column is about, unlike `id`, `date` and numbers.
  func isTelling(_ number: Int) -> Bool {
    !genericWords.contains(word(number)) && !word(number).utf8.allSatisfy { (0x30...0x39).contains($0) }
  }

  /// A word weighs less where it is generic, the table's own, or that of many columns.
  private func weight(of number: Int) -> Double {
    let base = (isTelling(number) ? 1 : 0.35) * (isOfTable(number) ? 0.6 : 1)
    let others = max(0, (removedWith[number]?.count ?? 0) - 1) + max(0, (addedWith[number]?.count ?? 0) - 1)
    return base / (1 + 0.5 * Double(others)).squareRoot()
  }

  private func isRare(
    _ shared: (left: Int, right: Int, similarity: Double), _ from: Column, _ to: Column
  ) -> Bool {
    let (old, new) = (from.forms[shared.left], to.forms[shared.right])
    if word(old) == "id" || isUnderscore(old) || word(old).utf8.allSatisfy({ (0x30...0x39).contains($0) }) {
      return false
    }
    return removedWith[old]?.count == 1 && addedWith[new]?.count == 1
  }

  /// `id` at the end of one name only, unless that is all that was added or taken away.
  private func becameReference(_ from: Column, _ to: Column) -> Bool {
    if from.words.endsInID == to.words.endsInID || from.core == to.core { return false }
    return from.forms.dropLast() != to.forms[...] && from.forms[...] != to.forms.dropLast()
  }

  private func family(of words: [Int], in columns: [Int: [Int]]) -> Double {
    log(Double(1 + (words.map { (columns[$0]?.count ?? 1) - 1 }.max() ?? 0)))
  }
}

/// Longer names are not compared letter by letter.
private let mostLettersCompared = 128

extension ColumnType {
  /// In which `day` and `hour` are no units of a number.
  fileprivate var isTime: Bool {
    switch self {
    case .date, .time, .timestamp: true
    default: false
    }
  }
}
