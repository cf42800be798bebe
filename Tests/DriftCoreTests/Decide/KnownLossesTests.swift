import DriftCore
import Testing

/// What counts for the guard against mass removals when looks follow each other, in a connection of twelve columns.
struct KnownLossesTests {
  /// Hours since the look before, what is gone at that look, and how many of it count where that is held.
  struct Look: Sendable {
    var hours: Int64
    var gone: Int
    var held: Int?
    var lifts = false
  }

  static let stories: [(String, [Look])] = [
    ("three at once", [Look(hours: 0, gone: 3, held: 3)]),
    ("one more than two of last week", [Look(hours: 0, gone: 2), Look(hours: 168, gone: 3)]),
    ("a few each week, whether people decide or not", (1...5).map { Look(hours: 168, gone: 2 * $0) }),
    ("two and then one on the next day", [Look(hours: 0, gone: 2), Look(hours: 24, gone: 3, held: 3)]),
    (
      "little by little, until two days were quiet",
      [
        Look(hours: 0, gone: 1), Look(hours: 40, gone: 2), Look(hours: 40, gone: 3, held: 3),
        Look(hours: 40, gone: 3, held: 3),
      ]
    ),
    (
      "looks in between make no difference",
      [
        Look(hours: 0, gone: 2), Look(hours: 24, gone: 2), Look(hours: 23, gone: 2), Look(hours: 1, gone: 3),
      ]
    ),
    (
      "what is held stays held however long", (0..<4).map { _ in Look(hours: 500, gone: 4, held: 4) }
    ),
    (
      "lifted, it counts no more",
      [
        Look(hours: 0, gone: 3, held: 3), Look(hours: 1, gone: 3, lifts: true), Look(hours: 1, gone: 5),
        Look(hours: 1, gone: 6, held: 3),
      ]
    ),
    (
      "a lift covers what was shown", [Look(hours: 0, gone: 3, held: 3), Look(hours: 1, gone: 4, held: 4, lifts: true)]
    ),
    (
      "what came back is new when it goes again",
      [Look(hours: 0, gone: 2), Look(hours: 168, gone: 2), Look(hours: 1, gone: 0), Look(hours: 1, gone: 3, held: 3)]
    ),
  ]

  @Test(arguments: stories)
  func whatIsKnownDoesNotCountForEver(story: String, looks: [Look]) {
    var known = KnownLosses()
    var now = Timestamp(microseconds: 0)
    var lifted: Set<String> = []
    for (index, look) in looks.enumerated() {
      now = now.adding(seconds: look.hours * 3_600)
      let hold = known.judge(losses(look.gone), lifted: look.lifts ? lifted : [], at: now)
      #expect(hold?.gone.count == look.held, "\(story), look \(index + 1)")
      lifted = hold?.gone ?? []
    }
  }

  @Test func aHoldSaysWhatWasSeenBefore() {
    var known = KnownLosses()
    let now = Timestamp(microseconds: 0)
    #expect(known.judge(losses(2), at: now) == nil)
    #expect(known.judge(losses(4), at: now)?.reason == "4 of 12 columns removed at once, 2 of them in looks before")
  }

  /// A source that does not answer says nothing of what is known of its tables.
  @Test func whatCannotBeJudgedStaysKnown() {
    for (unclear, count) in [([TableName(schema: "s", name: "t")], nil), ([TableName(schema: "s", name: "u")], 3)]
      as [(Set<TableName>, Int?)]
    {
      var known = KnownLosses()
      #expect(known.judge(losses(2), at: Timestamp(microseconds: 0)) == nil)
      let later = Timestamp(microseconds: 0).adding(seconds: 7 * 86_400)
      #expect(known.judge(losses(0), unclear: unclear, at: later) == nil)
      #expect(known.judge(losses(3), at: later.adding(seconds: 1))?.gone.count == count)
    }
  }

  @Test func whereNothingIsGoneNothingIsKept() {
    var known = KnownLosses()
    _ = known.judge(losses(2), at: Timestamp(microseconds: 0))
    _ = known.judge(losses(0), at: Timestamp(microseconds: 1))
    #expect(known == KnownLosses())
  }

  private func losses(_ gone: Int) -> Losses {
    let removed = (0..<gone).map { SchemaChange.columnRemoved(ContractColumn(name: ColumnName("c\($0)"))) }
    return Losses(
      liveTables: 3, missingTables: [], liveColumns: 12 - gone, changes: [TableName(schema: "s", name: "t"): removed])
  }
}
