import DriftCore

/// Everything outside of the reconciler, in memory: Fivetran, the destination, the repository and the forge.
///
/// It keeps the promises of design section 8 under watch while things happen, and plays whatever goes wrong: lost answers,
/// half answers, and processes that end between any two acts.
actor Outside {
  /// How often, of 100.
  struct Faults: Sendable {
    /// The process ends before the act, or after it.
    var crash = 0
    /// The act fails, or takes effect and its answer is lost.
    var loss = 0
    /// A listing of settings arrives only half.
    var half = 0
    /// The act arrives twice, and the answer to the first is heard.
    var twice = 0
  }

  /// A guard taken away, to show that the suite would notice.
  enum Mutation: Sendable, CaseIterable {
    /// The ledger is not looked at before a statement runs, and does not always say what was done.
    case forgetfulLedger
    /// A push replaces whatever is there.
    case noLease
    /// The source's own list of columns arrives half, again and again: the second look is no help.
    case halfLists
    /// What is executed is not what was merged.
    case otherBytes
    /// Whoever asks for the lease of a target gets it, and nobody is refused who has lost it.
    case noLock
    /// The ledger says of every change that it ran as it stands on main now: other content does not show.
    case noDigest
    /// Looking at a table shows what the pending changes say of it.
    case noProbe

    /// Of design section 8, the promise that this guard keeps.
    var promise: Int {
      switch self {
      case .otherBytes, .noDigest: 1
      case .forgetfulLedger, .noLock: 2
      case .halfLists: 4
      case .noLease: 5
      case .noProbe: 7
      }
    }
  }

  /// What happened in one history, counted.
  struct Tally: Sendable {
    var proposed = 0
    var merged = 0
    var automated = 0
    var refused = 0
    var snoozed = 0
    var forgotten = 0
    var editedByHand = 0
    var meddled = 0
    var stale = 0
    var reverted = 0
    /// Ways back that took effect.
    var undone = 0
    var statements = 0
    var backfills = 0
    var amended = 0
    var paused = 0
    var resumedByHand = 0
    var lostAnswers = 0
    var doubled = 0
    var crashes = 0

    var events: [(name: String, count: Int)] {
      [
        ("proposals", proposed), ("merges", merged), ("merges by the forge itself", automated),
        ("refusals", refused), ("snoozes", snoozed),
        ("closed ones that the forge forgot", forgotten),
        ("edits by hand", editedByHand), ("targets changed by others", meddled),
        ("merged changes edited on main", amended),
        ("pauses on red", paused), ("pauses that people ended", resumedByHand),
        ("stale changes", stale), ("reverts", reverted), ("changes undone", undone),
        ("statements", statements), ("batches", backfills),
        ("lost answers", lostAnswers), ("acts that arrived twice", doubled), ("crashes", crashes),
      ]
    }

    static func += (left: inout Tally, right: Tally) {
      left.proposed += right.proposed
      left.merged += right.merged
      left.automated += right.automated
      left.refused += right.refused
      left.snoozed += right.snoozed
      left.forgotten += right.forgotten
      left.editedByHand += right.editedByHand
      left.meddled += right.meddled
      left.amended += right.amended
      left.paused += right.paused
      left.resumedByHand += right.resumedByHand
      left.stale += right.stale
      left.reverted += right.reverted
      left.undone += right.undone
      left.statements += right.statements
      left.backfills += right.backfills
      left.lostAnswers += right.lostAnswers
      left.doubled += right.doubled
      left.crashes += right.crashes
    }

    func words(over histories: Double) -> String {
      events.map { name, count in
        "\((Double(count) / histories * 10).rounded() / 10) \(name)"
      }.joined(separator: ", ")
    }
  }

  var tally = Tally()
  var source = SourceSide()
  var warehouse = WarehouseSide()
  var git = GitSide()
  var pullRequests: [String: PullRequest] = [:]
  /// One by one.
  var tablesRead = 0
  /// However many branches each had.
  var pushes = 0
  /// As the forge lists them: it may forget.
  var refused: [PullRequest] = []
  /// What people said no to, and until when.
  var said: [(pullRequest: PullRequest, until: Timestamp?)] = []
  var clock = Outside.start
  /// By commit.
  var statuses: [CommitID: CommitStatus] = [:]
  /// By pull request.
  var comments: [String: String] = [:]
  var dashboard: DashboardIssue?
  /// What it says to whoever wants a dashboard or a status; nil: nothing.
  var forgeRefusal: String?
  /// What it says to the wish to merge by itself, and for which pull requests it was asked.
  var autoMerge = AutoMerge.armed
  var askedToMerge: [String] = []
  var leftToPeople: [String] = []
  /// What it will merge by itself, with the head that it was given.
  var armed: [String: CommitID] = [:]
  /// As the last text of each pull request had it.
  var colours: [String: Colour] = [:]
  /// What the forge tells of a closing that its list does not, by pull request.
  var closings: [String: Closing] = [:]
  var askedWhoClosed = 0
  /// By the commit of main that the merge made.
  var merged: [CommitID: MergedPullRequest] = [:]
  /// Tips of branches that were merged, oldest first.
  var mergedTips: [CommitID] = []
  var caches: [Int: [String: String]] = [:]
  var faults = Faults()
  /// Who tries a step after failures, until it is known what became of it.
  var triedBy: Int?
  /// Instances that have read that the destination failed.
  var warned: Set<Int> = []
  /// Instances that have ended.
  var ended: Set<Int> = []
  /// Acts that changed something.
  var writes = 0
  /// A file of a merged change that somebody has edited on main, as it was.
  var amended: (path: String, bytes: [UInt8])?
  private var promises: [[UInt8]: Contract] = [:]
  /// Broken promises, in words.
  private(set) var broken: [String] = []
  private var random: SeededGenerator

  let mutation: Mutation?

  static let connectionFile = connectionPath(root: "contracts", connection: "crm")
  static let start = Timestamp(iso8601: "2026-11-21T12:00:00Z")!

  init(seed: UInt64, mutation: Mutation? = nil) {
    random = SeededGenerator(seed: seed)
    self.mutation = mutation
    warehouse.isLocking = mutation != .noLock
  }

  /// One read of an instance.
  func read<Value: Sendable>(
    _ instance: Int, _ work: @Sendable (isolated Outside) throws -> Value
  ) throws -> Value {
    try endIfTold(instance)
    try loseAnswer()
    return try work(self)
  }

  /// One write of an instance: it may fail, take effect and lose its answer, or end the process on either side.
  func write<Value: Sendable>(
    _ instance: Int, _ work: @Sendable (isolated Outside) throws -> Value
  ) throws -> Value {
    try endIfTold(instance)
    try loseAnswer()
    let value = try work(self)
    if faults.twice > 0, random.chance(faults.twice) {
      tally.doubled += 1
      _ = try? work(self)
    }
    writes += 1
    try endIfTold(instance)
    try loseAnswer()
    return value
  }

  private func loseAnswer() throws {
    if !random.chance(faults.loss) { return }
    tally.lostAnswers += 1
    throw Refused("the answer was lost")
  }

  /// After its end nothing of a process has effect: every further act ends it again.
  private func endIfTold(_ instance: Int) throws {
    if !ended.contains(instance), random.chance(faults.crash) {
      ended.insert(instance)
      tally.crashes += 1
    }
    if ended.contains(instance) { throw CancellationError() }
  }

  func roll(_ percent: Int) -> Bool { random.chance(percent) }

  func pick<Value: Sendable>(_ values: [Value]) -> Value? { values.randomElement(using: &random) }

  /// A contract is read once, however often it is looked at.
  func promise(of bytes: [UInt8], _ path: String) -> Contract? {
    if let known = promises[bytes] { return known }
    promises[bytes] = parseContract(bytes, path: path).0
    return promises[bytes]
  }

  // MARK: Promises

  func expect(_ holds: Bool, _ promise: @autoclosure () -> String) {
    if !holds { broken.append(promise()) }
  }

  /// Promise 4: nothing that the source still has is given up.
  func expectNoFalseRemoval(at head: CommitID) {
    for (path, bytes) in git.commits[head]?.files ?? [:] where path.hasSuffix("contract.odcs.yaml") {
      guard let contract = promise(of: bytes, path) else {
        expect(false, "a contract of ours cannot be read: \(path)")
        continue
      }
      for column in contract.columns where column.isDeprecated {
        let fact = source.tables[contract.table.name]?[column.name.text]
        expect(fact?.isGone ?? true, "4: \(contract.table).\(column.name) was given up and is there")
      }
    }
  }

  /// What people said no to and still mean.
  var counting: [PullRequest] {
    said.filter { no in no.until.map { clock < $0 } ?? true }.map(\.pullRequest)
  }

  /// Promise 5: a no is a no, also to one finding of several; what another cannot do without says so.
  func expectManners(of draft: PullRequestDraft) {
    let no = Set(counting.flatMap(\.findings))
    expect(!Set(draft.findings).isSubset(of: no), "5: refused findings came again on \(draft.branch)")
    let again = draft.findings.count { no.contains($0) }
    let told = draft.body.split(separator: "**Refused before, and here all the same:**").count - 1
    expect(again <= told, "5: \(again) refused findings came along on \(draft.branch), and \(told) were told")
  }

  func expectOneProposalATable() {
    var seen: [String: String] = [:]
    for name in pullRequests.keys.sorted() {
      guard let tip = git.branches[name] else { continue }
      let tables = Set(
        git.branch(name, at: tip).changes.keys.map {
          $0.split(separator: "/").prefix(3).joined(separator: "/")
        })
      for table in tables.sorted() {
        expect(seen[table] == nil, "5: \(table) is in \(name) and \(seen[table] ?? "")")
        seen[table] = name
      }
    }
  }

  /// Promise 5: a branch that a person touched is theirs.
  func expectOursReplaced(by update: RefUpdate) {
    guard let tip = git.branches[update.branch], tip == update.expected else { return }
    let all = git.branch(update.branch, at: tip).changes
    let folders = all.filter { $0.key.contains("/changes/") }
    let changes = folders.isEmpty ? all : folders
    let main = (try? git.tree(of: git.main).files) ?? [:]
    let isMerged = changes.allSatisfy { main[$0.key] == $0.value }
    expect(
      git.ours.contains(tip) || isMerged, "5: the work of a person on \(update.branch) was replaced")
  }
}
