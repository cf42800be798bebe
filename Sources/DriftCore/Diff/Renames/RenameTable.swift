/// The removed and the added columns of one table, with what their words have in common.
struct RenameTable {
  struct Column {
    var subject: RenameSubject
    var words: ColumnWords
    /// Normal forms as numbers in `WordNumbers`.
    var forms: [Int]
    var core: [Int]
  }

  /// What the names of a pair have in common, and whether it may be a rename at all.
  struct Pair {
    var removed: Int
    var added: Int
    var types: TypeRelation
    var alignment: Alignment
  }

  /// Words exchanged for others, in no order.
  struct Exchange: Hashable {
    var lost: [Int]
    var gained: [Int]
  }

  let setting: RenameSetting
  private(set) var removed: [Column] = []
  private(set) var added: [Column] = []
  private(set) var pairs: [Pair] = []
  /// How many removed columns, one to one with added ones, exchange the same words.
  private(set) var exchanges: [Exchange: Int] = [:]
  /// Whether the added columns stand where the removed ones stood, to the end of the table.
  private(set) var linesUp = false
  /// The removed, the added columns that have a word.
  private(set) var removedWith: [Int: [Int]] = [:]
  private(set) var addedWith: [Int: [Int]] = [:]
  /// How many removed columns could have become an added one of a type, and added ones a removed one of a type.
  private(set) var removedRivals: [ColumnType: Int] = [:]
  private(set) var addedRivals: [ColumnType: Int] = [:]
  private(set) var wordNumbers = WordNumbers()
  /// Normal forms of the words of the table's names.
  let tableBefore: Set<String>
  let tableAfter: Set<String>

  init(removed: [RenameSubject], added: [RenameSubject], setting: RenameSetting) {
    self.setting = setting
    tableBefore = Set(ColumnWords(setting.tableBefore).forms)
    tableAfter = Set(ColumnWords(setting.tableAfter).forms)
    for subject in removed { self.removed.append(column(of: subject)) }
    for subject in added { self.added.append(column(of: subject)) }
    for (index, column) in self.removed.enumerated() {
      for word in Set(column.forms) { removedWith[word, default: []].append(index) }
    }
    for (index, column) in self.added.enumerated() {
      for word in Set(column.forms) { addedWith[word, default: []].append(index) }
    }
    countRivals()
    findPairs()
    countExchanges()
    linesUp = findLinesUp()
  }

  private mutating func column(of subject: RenameSubject) -> Column {
    let words = ColumnWords(subject.name.text)
    return Column(
      subject: subject, words: words, forms: words.forms.map { wordNumbers.number(of: $0) },
      core: words.core.map { wordNumbers.number(of: $0) })
  }

  /// In a table of very many types only columns of the very same one count.
  private mutating func countRivals() {
    func count(_ columns: [Column]) -> [ColumnType: Int] {
      columns.reduce(into: [:]) { $0[$1.subject.type, default: 0] += 1 }
    }
    let (before, after) = (count(removed), count(added))
    if before.count * after.count > mostTypesCompared {
      (removedRivals, addedRivals) = (before, after)
      return
    }
    for (from, olds) in before {
      for (to, news) in after where TypeRelation(from, to, in: setting) != .other {
        removedRivals[to, default: 0] += olds
        addedRivals[from, default: 0] += news
      }
    }
  }

  private mutating func findPairs() {
    for (i, from) in removed.enumerated() {
      for j in partners(of: from) {
        let to = added[j]
        let types = TypeRelation(from.subject.type, to.subject.type, in: setting)
        if !areAtSamePlace(from.subject, to.subject) {
          if types == .other || !haveSameKeyRole(from.subject, to.subject) { continue }
          // Values that were NULL cannot have become NOT NULL by a change of name.
          if from.subject.isNullable == true, to.subject.isNullable == false { continue }
        }
        pairs.append(
          Pair(removed: i, added: j, types: types, alignment: Alignment(from.forms, to.forms, &wordNumbers)))
      }
    }
  }

  /// The added columns that are compared with a removed one: all of them, and in a table where that would be too many
  /// those that share its rarest words.
  private func partners(of column: Column) -> [Int] {
    if removed.count * added.count <= mostPairsCompared { return Array(added.indices) }
    var scores: [Int: Double] = [:]
    for word in Set(column.forms) {
      guard let columns = addedWith[word], columns.count <= mostColumnsOfAWord else { continue }
      for index in columns { scores[index, default: 0] += 1 / Double(columns.count) }
    }
    return scores.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.prefix(mostPartners).map(\.key).sorted()
  }

  private mutating func countExchanges() {
    var columns: [Exchange: (removed: Set<Int>, added: Set<Int>)] = [:]
    for pair in pairs where !pair.alignment.shared.isEmpty {
      let exchange = Exchange(pair.alignment)
      if exchange.lost.isEmpty, exchange.gained.isEmpty { continue }
      columns[exchange, default: ([], [])].removed.insert(pair.removed)
      columns[exchange, default: ([], [])].added.insert(pair.added)
    }
    exchanges = columns.mapValues { min($0.removed.count, $0.added.count) }
  }
}

extension RenameTable.Exchange {
  init(_ alignment: Alignment) {
    self.init(lost: alignment.lost.sorted(), gained: alignment.gained.sorted())
  }
}

/// Up to this many pairs every removed column is compared with every added one.
private let mostPairsCompared = 4096
/// In larger tables: how many added columns a removed one is compared with,
private let mostPartners = 8
/// in how many pairs of types the rivals of a column are counted,
private let mostTypesCompared = 65_536
/// and in how many added columns a word may stand to lead from one to the other.
private let mostColumnsOfAWord = 64

private func haveSameKeyRole(_ from: RenameSubject, _ to: RenameSubject) -> Bool {
  guard let old = from.isPrimaryKey, let new = to.isPrimaryKey else { return true }
  return old == new
}
