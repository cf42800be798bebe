import DriftCore
import Testing

/// Whether steps run in a destination, from its ledger alone.
struct BreakerTests {
  /// Each letter is a line a minute after the one before: `f` failed, `u` outcome unknown, `d` a step took effect, `r` a
  /// person said to go on, `l` a step that only looks, `o` a failure elsewhere, `t` a person lets a table go on.
  ///
  /// `closed`, `half`, or the minute at which it ends.
  @Test(arguments: [
    ("", 0, "closed"),
    ("ff", 2, "closed"),
    ("fff", 3, "8"),
    ("fff", 7, "8"),
    ("fff", 8, "half"),
    ("fffd", 4, "closed"),
    ("ffdff", 5, "closed"),
    ("ffdfff", 6, "11"),
    ("fffr", 4, "closed"),
    ("fffrff", 6, "closed"),
    ("ffft", 4, "8"),
    ("u", 1, "6"),
    ("du", 2, "7"),
    ("ud", 2, "closed"),
    ("ur", 2, "closed"),
    ("ufd", 3, "closed"),
    ("uf", 2, "12"),
    ("uff", 3, "23"),
    ("ffff", 4, "14"),
    ("ffffff", 6, "46"),
    ("fflf", 4, "9"),
    ("ooo", 3, "closed"),
    ("fofof", 5, "10"),
    ("ffffffffffffffffffffffff", 24, "264"),
  ])
  func itIsOpenAfterThreeFailuresInARowOrOneUnknownOutcome(lines: String, minute: Int64, expected: String) {
    let state: String =
      switch breaker(in: ledger(lines), of: "w", at: time(minute)) {
      case .closed: "closed"
      case .halfOpen: "half"
      case .open(_, let until): String((until.seconds - time(0).seconds) / 60)
      }
    #expect(state == expected)
  }

  /// Whatever went before.
  @Test(arguments: 0..<200 as Range<UInt64>)
  func itIsAlwaysClosedAfterASuccess(seed: UInt64) {
    let random = SeededRandom(seed)
    let before = String((0..<random.next() % 30).map { _ in random.pick(Array("fudrlot")) })
    let now = time(Int64(random.next() % 1_000))
    #expect(breaker(in: ledger(before + "d"), of: "w", at: now) == .closed)
  }

  @Test func aLineWithoutATimeIsAsOldAsCanBe() {
    let lines = ledger("u").map { line in
      var line = line
      line.at = nil
      return line
    }
    guard case .halfOpen = breaker(in: lines, of: "w", at: time(0)) else {
      Issue.record("it should try one step")
      return
    }
  }

  @Test func whatFailedComesLastWhileOneStepIsTried() {
    #expect(troubledTables(in: ledger("dfff"), of: "w") == [TableName(schema: "s", name: "f")])
    #expect(troubledTables(in: ledger("fffd"), of: "w") == [])
  }

  /// What only looks or writes down needs no leave.
  @Test(arguments: [("fff", 3, false), ("fff", 8, true), ("u", 6, true), ("fffd", 8, false), ("", 0, false)])
  func oneStepIsTriedWhileItIsHalfOpen(lines: String, minute: Int64, expected: Bool) {
    let step = Step(ordinal: 1, work: .ddl(statement: 1))
    let steps: [(NextStep, Bool)] = [
      (.execute(step, statement: 1, parameters: [], part: 0), true), (.sync(step, []), true),
      (.patch(step, SettingsPatch(table: SourceTable(schema: "s", name: "f"), column: nil, enabled: true)), true),
      (.record(step, detail: ""), false), (.finish, false), (.stale(""), false), (.wait(""), false),
    ]
    for (next, isTry) in steps {
      #expect(isTrial(next, in: ledger(lines), of: "w", at: time(minute)) == (expected && isTry), "\(next)")
    }
  }

  @Test func itSaysWhatHappenedAndTheWayOut() throws {
    let open = try #require(brakes(in: ledger("dfff"), of: "w", at: time(5)).first)
    #expect(
      open.text == """
        3 steps in a row did not succeed, the last step 1 of crm/s.f change 1: failed with 55P03 at \
        2026-11-21T12:04:00Z; one step is tried after 2026-11-21T12:09:00Z; once its cause is gone, go on at once with: \
        mooring resume w
        """)
    #expect(brake(on: TableName(schema: "s", name: "x"), of: "erp", among: [open]) == open)
    let trying = try #require(brakes(in: ledger("u"), of: "w", at: time(60)).first)
    #expect(trying.isProbing)
    #expect(brake(on: TableName(schema: "s", name: "f"), of: "crm", among: [trying]) == nil)
  }

  @Test func aFailureReadsAsItWasWritten() throws {
    let pending = PendingChange(
      folder: changeFolders(
        in: RepositoryTree(commit: "c", files: ["contracts/crm/s.a/changes/0004-x/up.sql": "b"]), root: "contracts")[0],
      change: Change(number: 4, slug: "x", connection: "crm", table: TableName(schema: "s", name: "a")),
      statements: [], mapping: nil, destination: "w", commit: "c")
    let step = Step(ordinal: 2, work: .ddl(statement: 1))
    let first = pending.failure(of: step, part: 0, "55P03", isOutcomeUnknown: false, after: [])
    let second = pending.failure(of: step, part: 0, "55P03", isOutcomeUnknown: true, after: [first])
    #expect(StepFailure(first) == StepFailure(attempt: 1, failureClass: "55P03", isOutcomeUnknown: false))
    #expect(StepFailure(second) == StepFailure(attempt: 2, failureClass: "55P03", isOutcomeUnknown: true))
    #expect(first.detail != second.detail, "the ledger keeps both")
  }

  private func time(_ minute: Int64) -> Timestamp {
    Timestamp(iso8601: "2026-11-21T12:00:00Z")!.adding(seconds: minute * 60)
  }

  private func ledger(_ lines: String) -> [LedgerEntry] {
    var ledger: [LedgerEntry] = []
    for (index, letter) in lines.enumerated() {
      var entry = LedgerEntry(
        step: StepID(
          destination: letter == "o" ? "other" : "w", connection: "crm",
          table: TableName(schema: "s", name: String(letter)), change: 1, step: 1),
        state: .failed, kind: "ddl", digest: "d", commit: "c")
      switch letter {
      case "d": entry.state = .done
      case "l": (entry.state, entry.kind) = (.done, "verify")
      case "r": entry = PersonsWord(.resume, .destination("w"), by: "ada").entry(in: "w", after: ledger)
      case "t":
        let table = TableName(schema: "s", name: "f")
        entry = PersonsWord(.resume, .table(table, of: "crm"), by: "ada").entry(in: "w", after: ledger)
      default:
        entry.detail = StepFailure(attempt: index, failureClass: "55P03", isOutcomeUnknown: letter == "u").text
      }
      entry.at = time(Int64(index) + 1)
      ledger.append(entry)
    }
    return ledger
  }
}
