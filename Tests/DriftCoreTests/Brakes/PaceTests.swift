import DriftCore
import Testing

/// When, and how much in an hour, what is merged is applied.
struct PaceTests {
  /// 2026-11-21 is a Saturday. One line is one set of windows; all have to be open.
  @Test(
    arguments: [
      ([[]], "now"), ([["sat"]], "now"), ([["sun"]], "2026-11-22T00:00:00Z"),
      ([["mon", "sat 11:00-12:01"]], "now"), ([["mon", "sat 11:00-12:00"]], "2026-11-23T00:00:00Z"),
      ([["sat,sun"], ["22:00-02:00"]], "2026-11-21T22:00:00Z"),
      ([["sun 00:00-24:00"], ["22:00-02:00"]], "2026-11-22T00:00:00Z"),
      ([["sun"], ["22:00-02:00 +02:00"]], "2026-11-22T20:00:00Z"),
      ([["mon 10:00-12:00"], ["mon 12:00-13:00"]], "never"),
      ([["mon 10:00-12:01"], ["mon 12:00-13:00"]], "2026-11-23T12:00:00Z"),
      ([["mon"], ["tue"]], "never"),
      ([["sat 11:00-12:00"]], "2026-11-28T11:00:00Z"),
    ] as [([[String]], String)])
  func itIsOpenWhereEverySetIs(sets: [[String]], expected: String) {
    let found: String =
      switch opening(of: sets.map { $0.compactMap { Schedule($0) } }, at: now) {
      case .now: "now"
      case .at(let time): time.description
      case .never: "never"
      }
    #expect(found == expected)
  }

  /// Lines are `minutes ago, table, bytes`; the next step is one of table `a` that writes `bytes` again.
  @Test(
    arguments: [
      (ApplyLimits(tables: 2), [(10, "x", 0)], nil),
      (ApplyLimits(tables: 2), [(40, "x", 0), (10, "y", 0)], "2026-11-21T12:20:00Z"),
      (ApplyLimits(tables: 2), [(40, "x", 0), (10, "a", 0)], nil),
      (ApplyLimits(tables: 2), [(61, "x", 0), (60, "z", 0), (10, "y", 0)], nil),
      (ApplyLimits(tables: 1), [(50, "x", 0), (40, "x", 0)], "2026-11-21T12:20:00Z"),
      (ApplyLimits(tables: 2), [(50, "x", 0), (40, "y", 0), (30, "z", 0)], "2026-11-21T12:20:00Z"),
      (ApplyLimits(rewrittenBytes: 100), [(50, "x", 60)], nil),
      (ApplyLimits(rewrittenBytes: 100), [(50, "x", 61)], "2026-11-21T12:10:00Z"),
      (ApplyLimits(rewrittenBytes: 100), [(50, "x", 50), (20, "y", 20)], "2026-11-21T12:10:00Z"),
      (ApplyLimits(rewrittenBytes: 100), [(50, "x", 50), (20, "y", 61)], "2026-11-21T12:40:00Z"),
      (ApplyLimits(rewrittenBytes: 100), [(70, "x", 5_000)], nil),
      (ApplyLimits(rewrittenBytes: 39), [], "allows in any hour"),
      (ApplyLimits(), [(1, "x", 9_000)], nil),
    ] as [(ApplyLimits, [(Int64, String, Int)], String?)])
  func whatIsOverWaitsUntilThereIsRoom(limits: ApplyLimits, lines: [(Int64, String, Int)], end: String?) {
    var ledger: [LedgerEntry] = []
    for (index, (minutes, table, bytes)) in lines.enumerated() {
      let step = StepID(
        destination: "w", connection: "crm", table: TableName(schema: "s", name: table), change: index + 1, step: 1)
      let detail = "{\"rewritten_bytes\":\(bytes)}"
      for state in [LedgerEntry.State.intended, .done] {
        ledger.append(
          LedgerEntry(
            step: step, state: state, kind: "ddl", digest: "d", commit: "c", detail: state == .intended ? detail : "",
            at: now.adding(seconds: -minutes * 60)))
      }
    }
    let step = Step(ordinal: 1, work: .ddl(statement: 1))
    let found = limit(
      on: .execute(step, statement: 1, parameters: [], part: 0), of: pending, bytes: 40, ledger: ledger,
      limits: [(.destination("w"), limits)], at: now)
    if let end { #expect(found?.contains(end) == true, "\(found ?? "nothing")") } else { #expect(found == nil) }
  }

  @Test(arguments: [(0, 0, true), (1, 0, false), (1, 1, true), (2, 1, false)])
  func reSyncsAreCountedWhereTheyWereAskedFor(limit allowed: Int, asked: Int, waits: Bool) {
    let ledger = (0..<asked).map { number in
      LedgerEntry(
        step: StepID(
          destination: "w", connection: "erp", table: TableName(schema: "s", name: "t"), change: number + 1, step: 1),
        state: .intended, kind: "resync", digest: "d", commit: "c", at: now.adding(seconds: -60))
    }
    let tables = [SourceTable(schema: "s", name: "a")]
    let step = Step(ordinal: 1, work: .sync(resync: tables))
    func found(_ next: NextStep) -> String? {
      limit(
        on: next, of: pending, bytes: nil, ledger: ledger,
        limits: [(.destination("w"), ApplyLimits(resyncs: allowed))], at: now)
    }
    #expect((found(.sync(step, tables)) != nil) == waits)
    #expect(found(.sync(step, [])) == nil, "a plain sync is none")
    #expect(found(.record(step, detail: "")) == nil)
  }

  @Test func aLimitOfAnotherConnectionIsNotReached() {
    let ledger = [
      LedgerEntry(
        step: StepID(
          destination: "w", connection: "erp", table: TableName(schema: "s", name: "t"), change: 1, step: 1),
        state: .done, kind: "ddl", digest: "d", commit: "c", at: now)
    ]
    let next = NextStep.execute(Step(ordinal: 1, work: .ddl(statement: 1)), statement: 1, parameters: [], part: 0)
    func found(_ scope: HoldScope) -> String? {
      limit(on: next, of: pending, bytes: nil, ledger: ledger, limits: [(scope, ApplyLimits(tables: 1))], at: now)
    }
    #expect(found(.connection("crm")) == nil)
    #expect(found(.destination("w")) != nil)
  }

  @Test func whatWritesRowsAgainIsWeighedByItsTarget() {
    let typed = Change(
      number: 1, slug: "x", connection: "crm", table: TableName(schema: "s", name: "a"),
      actions: [.setType("n", .integer(bits: 64)), .addColumn("m", .text(length: nil)), .backfill(["m"])],
      footprint: Footprint(target: ["n": .integer(bits: 32)]))
    var pending = pending
    pending.change = typed
    let target = CatalogueTable(name: TableName(schema: "s", name: "a"), columns: [], byteSize: 77)
    let probe = Probe(target: target, landed: nil, connection: nil, settings: nil, dialect: .postgres)
    func bytes(_ statement: Int, part: Int = 0) -> Int64? {
      let step = Step(ordinal: 1, work: .ddl(statement: statement))
      return pending.rewrittenBytes(
        by: .execute(step, statement: statement, parameters: [], part: part), probe: probe)
    }
    #expect(bytes(1) == 77)
    #expect(bytes(2) == nil)
    #expect(bytes(3, part: 1) == 77 && bytes(3, part: 2) == nil)
    pending.change.footprint.target = ["n": .integer(bits: 64)]
    #expect(bytes(1) == nil, "nothing changes")
  }

  private let now = Timestamp(iso8601: "2026-11-21T12:00:00Z")!

  private var pending: PendingChange {
    PendingChange(
      folder: changeFolders(
        in: RepositoryTree(commit: "c", files: ["contracts/crm/s.a/changes/0001-x/up.sql": "b"]), root: "contracts")[0],
      change: Change(number: 1, slug: "x", connection: "crm", table: TableName(schema: "s", name: "a")),
      statements: [], mapping: nil, destination: "w", commit: "c")
  }
}
