import DriftCore
import TestSupport
import Testing

private let start = Timestamp(iso8601: "2026-11-21T12:00:00Z")!

/// Which "no" is on record, which counts, and what is written.
struct RefusalBookTests {
  private let account = TableName(schema: "crm", name: "account")
  private let contact = TableName(schema: "crm", name: "contact")

  @Test func eachTableGetsItsFileWithTheWordsOfItsChanges() throws {
    var book = RefusalBook(tip: nil, files: [:])
    let closed = pullRequest([change("tier", of: account), change("age", of: contact)])
    try book.record(
      closed, of: "crm",
      known: [.table(account): [change("tier", of: account)], .table(contact): [change("age", of: contact)]],
      at: start)
    #expect(book.edits.map(\.path) == ["crm/crm.account.yaml", "crm/crm.contact.yaml", "recorded.yaml"])
    #expect(book.isRecorded(closed))
    let read = reread(book)
    #expect(read.refusals.map(\.file.table) == [account, contact])
    #expect(read.refusals.map(\.refusal.findings.first?.words) == ["tier: new column", "age: new column"])
    #expect(read.refusals.allSatisfy { $0.refusal.by == "kim" && $0.refusal.reason == "no" })
    let item = try #require(force(read, [closed]).items.first)
    #expect(force(read, [closed]).items.count == 1)
    #expect(item.tables == [account, contact])
    #expect(item.findings == 2)
  }

  /// Two runs that record the same closing make the same commit of it.
  @Test func theSameInputIsTheSameBytes() throws {
    let closed = pullRequest([change("tier", of: account), change("age", of: account), change("size", of: account)])
    func edits(at now: Timestamp) throws -> [FileEdit] {
      var book = RefusalBook(tip: nil, files: [:])
      try book.record(closed, of: "crm", known: [:], at: now)
      return book.edits
    }
    #expect(try edits(at: start) == edits(at: start.adding(seconds: 900)))
  }

  /// What drifted has moved on since: the file is the branch's, and every finding is kept.
  @Test func findingsThatNoLongerDriftAreKept() throws {
    var book = RefusalBook(tip: nil, files: [:])
    let closed = pullRequest([change("tier", of: account), change("age", of: contact)])
    try book.record(closed, of: "crm", known: [.table(account): [change("tier", of: account)]], at: start)
    #expect(book.edits.map(\.path) == ["crm/crm.account.yaml", "crm/green.yaml", "recorded.yaml"])
    #expect(force(reread(book), []).findings == Set(closed.findings))
  }

  @Test func whatTheForgeForgetsIsStillRefused() throws {
    let closed = pullRequest([change("tier", of: account)])
    let book = try recorded(closed)
    #expect(force(book, []).findings == Set(closed.findings))
    #expect(force(book, []).branches == [closed.branch])
    #expect(
      force(RefusalBook(tip: nil, files: [:]), [closed]).findings == Set(closed.findings), "and before it is recorded")
  }

  @Test func whatEndedOrWasRemovedCountsNoMoreThoughTheForgeListsIt() throws {
    let closed = pullRequest([change("tier", of: account)])
    let before = try recordedFiles(closed)
    var ended = RefusalBook(tip: nil, files: before)
    try ended.end([closed.id], at: start)
    #expect(ended.edits.map(\.path) == ["crm/crm.account.yaml"])
    #expect(force(reread(ended, over: before), [closed], at: start).findings.isEmpty)
    let removed = RefusalBook(tip: nil, files: before.filter { $0.key == recordedClosingsPath })
    #expect(force(removed, [closed]).findings.isEmpty)
    #expect(force(removed, [closed]).unrecorded.isEmpty)
  }

  @Test(arguments: [true, false])
  func aSnoozeCountsForFourteenDays(isRecorded: Bool) throws {
    let closed = pullRequest([change("tier", of: account)], Closing(at: start, isSnoozed: true))
    let book = isRecorded ? try recorded(closed) : RefusalBook(tip: nil, files: [:])
    let end = start.adding(seconds: 14 * 86_400)
    #expect(!force(book, [closed], at: end.adding(seconds: -1)).findings.isEmpty)
    #expect(force(book, [closed], at: end).findings.isEmpty)
    #expect(force(book, [closed], at: end).state(of: "crm") != force(book, [closed], at: start).state(of: "crm"))
  }

  @Test func oneThatIsOpenAgainIsToldFromAnotherProposalOfItsBranch() throws {
    let closed = pullRequest([change("tier", of: account)])
    let book = try recorded(closed)
    var open = closed
    open.state = .open
    #expect(book.reopened([open], at: start) == [closed.id])
    #expect(book.reopened([open, closed], at: start).isEmpty)
    open.findings.append("another")
    #expect(book.reopened([open], at: start).isEmpty)
  }

  @Test func closedOnceMoreIsANewRefusalInPlaceOfTheOld() throws {
    let closed = pullRequest([change("tier", of: account)])
    var again = closed
    again.closing = Closing(at: start.adding(seconds: 60), isSnoozed: true)
    let before = try recordedFiles(closed)
    var book = RefusalBook(tip: nil, files: before)
    #expect(!book.isRecorded(again))
    try book.record(again, of: "crm", known: [.table(account): [change("tier", of: account)]], at: start)
    let end = start.adding(seconds: 60 + snoozeSeconds)
    #expect(reread(book, over: before).refusals.map(\.refusal.until) == [start.adding(seconds: 60), end])
    #expect(force(reread(book, over: before), [again], at: end).findings.isEmpty)
  }

  @Test func aBrokenFileHoldsItsTableAndSaysWhere() throws {
    let book = RefusalBook(tip: nil, files: ["crm/crm.account.yaml": Array("version: 1\nrefusals: x\n".utf8)])
    let force = force(book, [])
    let reason = try #require(force.hold(on: .table(account), of: "crm", stems: ["crm.account", "crm.contact"]))
    #expect(reason.contains("mooring-refusals:crm/crm.account.yaml:"))
    #expect(force.hold(on: .table(contact), of: "crm", stems: ["crm.account", "crm.contact"]) == nil)
    #expect(force.hold(on: .table(account), of: "erp", stems: []) == nil)
    var after = book
    let closed = pullRequest([change("tier", of: account)])
    #expect(throws: EditRefusal.self) {
      try after.record(closed, of: "crm", known: [.table(account): [change("tier", of: account)]], at: start)
    }
    #expect(after.edits.isEmpty)
    #expect(!after.isRecorded(closed))
  }

  /// It may hold findings of any table.
  @Test func aBrokenFileOfNoTableHoldsTheConnection() {
    let force = force(RefusalBook(tip: nil, files: ["crm/green.yaml": [0x7B]]), [])
    #expect(force.hold(on: .table(account), of: "crm", stems: ["crm.account"]) != nil)
    #expect(force.hold(on: .table(account), of: "erp", stems: ["crm.account"]) == nil)
  }

  /// Then the forge's list counts, as before anything was recorded.
  @Test func aBrokenListOfWhatIsRecordedMakesNoProposal() throws {
    let closed = pullRequest([change("tier", of: account)])
    var files = try recordedFiles(closed)
    files[recordedClosingsPath] = Array("recorded: [}".utf8)
    files["crm/crm.account.yaml"] = nil
    var book = RefusalBook(tip: nil, files: files)
    #expect(force(book, [closed]).findings == Set(closed.findings))
    #expect(throws: EditRefusal.self) { try book.record(closed, of: "crm", known: [:], at: start) }
  }

  @Test func otherFilesOfTheBranchAreLeftAlone() {
    for path in ["README.md", "crm/notes.txt", "a/b/c.yaml", "x.yaml"] { #expect(!RefusalBook.isRead(path)) }
    for path in ["crm/crm.account.yaml", "crm/any.yml", "recorded.yaml"] { #expect(RefusalBook.isRead(path)) }
  }

  // MARK: -

  private func change(_ column: String, of table: TableName) -> ClassifiedChange {
    let change = SchemaChange.columnAdded(ObservedColumn(name: ColumnName(column), physicalType: "text"))
    return ClassifiedChange(
      change: change,
      verdict: Verdict(
        rule: "column.added", readers: .safe, writes: .ok, reversible: .yes, policy: .auto, message: "new column"),
      colour: .green, reasons: [],
      connection: "crm", table: table)
  }

  private func pullRequest(
    _ changes: [ClassifiedChange], _ closing: Closing = Closing(by: "kim", reason: "no", at: start)
  ) -> PullRequest {
    PullRequest(
      id: "12", branch: "mooring/crm/green", state: .refused, head: nil, findings: changes.map(\.fingerprint).sorted(),
      textDigest: "", location: "https://github.com/acme/contracts/pull/12", closing: closing)
  }

  private func recordedFiles(_ closed: PullRequest) throws -> [String: [UInt8]] {
    var book = RefusalBook(tip: nil, files: [:])
    try book.record(closed, of: "crm", known: [.table(account): [change("tier", of: account)]], at: start)
    return files(book)
  }

  private func recorded(_ closed: PullRequest) throws -> RefusalBook {
    RefusalBook(tip: nil, files: try recordedFiles(closed))
  }

  /// The files as they are after the book's edits, on a branch that holds nothing else.
  private func files(_ book: RefusalBook, over files: [String: [UInt8]] = [:]) -> [String: [UInt8]] {
    book.edits.reduce(into: files) { $0[$1.path] = $1.bytes }
  }

  private func reread(_ book: RefusalBook, over files: [String: [UInt8]] = [:]) -> RefusalBook {
    RefusalBook(tip: nil, files: self.files(book, over: files))
  }

  private func force(_ book: RefusalBook, _ listed: [PullRequest], at now: Timestamp = start) -> RefusalsInForce {
    RefusalsInForce(book, listed, at: now)
  }
}
