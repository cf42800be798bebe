import DriftCore
import Testing

struct DecideTests {
  @Test(
    arguments: [
      (10, 2, nil), (10, 3, "3 of 10 tables missing in one read"), (14, 3, "3 of 14 tables missing in one read"),
      (15, 3, nil), (1_000, 9, nil), (1_000, 10, "10 of 1000 tables missing in one read"),
      (3, 3, "3 of 3 tables missing in one read"),
    ] as [(Int, Int, String?)])
  func aMassOfMissingTablesIsHeld(promised: Int, missing: Int, expected: String?) {
    let losses = Losses(
      liveTables: promised - missing, missingTables: (0..<missing).map { table("t\($0)") }, liveColumns: 100,
      changes: [:])
    #expect(massRemoval(losses)?.reason == expected)
    #expect(massRemoval(losses).map(\.gone.count) == expected.map { _ in missing })
  }

  @Test func aMassOfRemovedColumnsIsHeld() {
    let removed = (0..<3).map { SchemaChange.columnRemoved(ContractColumn(name: ColumnName("c\($0)"))) }
    func hold(of columns: Int) -> Hold? {
      massRemoval(
        Losses(liveTables: 5, missingTables: [], liveColumns: columns - 3, changes: [table("t"): removed]))
    }
    #expect(hold(of: 14)?.gone == ["column s.t.c0", "column s.t.c1", "column s.t.c2"])
    #expect(hold(of: 15) == nil)
  }

  /// A lost permission may show as either: half of each is as many as all of one.
  @Test func missingAndRemovedTablesCountTogether() {
    func hold(missing: Int, removed: Int) -> String? {
      massRemoval(
        Losses(
          liveTables: 1_000, missingTables: (0..<missing).map { table("m\($0)") }, liveColumns: 100,
          changes: Dictionary(
            uniqueKeysWithValues: (0..<removed).map { (table("r\($0)"), [.tableRemoved(table("r\($0)"))]) })))?.reason
    }
    #expect(hold(missing: 5, removed: 5) == "5 of 1010 tables missing in one read and 5 removed")
    #expect(hold(missing: 4, removed: 5) == nil)
  }

  @Test func greenTablesShareABranchWhoseMembersCanOnlyLeave() {
    let (a, b, c) = (table("a"), table("b"), table("c"))
    let green = greenBranchName(of: "s")
    #expect(
      branches(for: [a: .green, b: .green, c: .red], connection: "s", openBranches: [], greenMembers: nil)
        == [green: [a, b], branchName(for: .table(c), of: "s"): [c]])
    #expect(
      branches(
        for: [a: .yellow, b: .green, c: .green], connection: "s", openBranches: [green],
        greenMembers: [a, b])
        == [
          green: [b], branchName(for: .table(a), of: "s"): [a], branchName(for: .table(c), of: "s"): [c],
        ])
  }

  @Test func aBranchThatAPersonTouchedIsLeft() {
    let actions = decide(
      [proposal],
      given: OpenWork(
        branches: [proposal.branch: branch(isOurs: false)], pullRequests: [:], kept: [], merged: []))
    guard case .leave(proposal.branch, _)? = actions.first, actions.count == 1 else {
      Issue.record("it should be left: \(actions)")
      return
    }
  }

  @Test func whatAPersonAddedAndMergedIsNoLongerInTheWay() {
    let open = OpenWork(
      branches: [proposal.branch: branch(isOurs: false)], pullRequests: [:], kept: [],
      merged: [proposal.branch], mergedExactly: [proposal.branch])
    #expect(decide([proposal], given: open) == [.propose(proposal, expected: "2", pullRequest: nil)])
    guard case .close(nil, _?, "merged")? = decide([], given: open).first else {
      Issue.record("the branch should go")
      return
    }
  }

  /// One that was refused first and merged after all is done with; one that is only refused stays for whoever looks later.
  @Test func aRefusedBranchIsDeletedOnlyOnceItIsMerged() {
    func actions(merged: Set<String>) -> [Action] {
      decide(
        [],
        given: OpenWork(
          branches: [proposal.branch: branch(isOurs: true)], pullRequests: [:], kept: [], merged: merged,
          refused: [proposal.branch]))
    }
    #expect(actions(merged: []).isEmpty)
    guard case .close(nil, _?, "merged")? = actions(merged: [proposal.branch]).first else {
      Issue.record("the branch should go")
      return
    }
  }

  @Test func whatIsMergedOrGoneIsClosedAndWhatIsKeptIsLeftAlone() {
    let open = [proposal.branch: pullRequest]
    let branches = [proposal.branch: branch(isOurs: true)]
    func actions(kept: Set<String> = [], merged: Set<String> = []) -> [Action] {
      decide([], given: OpenWork(branches: branches, pullRequests: open, kept: kept, merged: merged))
    }
    #expect(actions(kept: [proposal.branch]).isEmpty)
    guard case .close(_, _, "merged")? = actions(merged: [proposal.branch]).first,
      case .close(_, _, "the drift is gone")? = actions().first
    else {
      Issue.record("it should be closed")
      return
    }
  }

  /// A first look at a drifted account does not flood its reviewers: the worst comes first, and what breaks passes.
  @Test func onlySoManyAreOpenAtOnce() throws {
    let proposals = try ["a": Colour.green, "b": .red, "c": .yellow, "d": .red].map { name, colour in
      Proposal(
        branch: "mooring/s/\(name)", connection: "s", content: .tables([try drafted(colour)]), title: "", body: "",
        message: "")
    }
    func words(open: [String], limit: Int) -> [String] {
      let pullRequests = open.map { name in
        var pullRequest = pullRequest
        pullRequest.branch = "mooring/s/\(name)"
        return (pullRequest.branch, pullRequest)
      }
      let work = OpenWork(
        branches: [:], pullRequests: Dictionary(uniqueKeysWithValues: pullRequests),
        kept: Set(pullRequests.map(\.0)).subtracting(proposals.map(\.branch)), merged: [])
      return decide(proposals, given: work, limits: ProposalLimits(open: limit)).map { action in
        switch action {
        case .propose(let proposal, _, _): "propose \(proposal.branch.suffix(1))"
        case .postpone(let proposal, _): "postpone \(proposal.branch.suffix(1))"
        default: "\(action)"
        }
      }
    }
    #expect(words(open: [], limit: 10) == ["propose b", "propose d", "propose c", "propose a"])
    #expect(words(open: [], limit: 3) == ["propose b", "propose d", "propose c", "postpone a"])
    #expect(words(open: ["x", "y"], limit: 2) == ["propose b", "propose d", "postpone c", "postpone a"])
    #expect(words(open: ["a"], limit: 1) == ["propose a", "propose b", "propose d", "postpone c"])
  }

  @Test func outsideOfItsHoursOnlyWhatBreaksReadersIsOpened() throws {
    let proposals = try ["green": Colour.green, "red": .red].map { name, colour in
      Proposal(
        branch: "mooring/s/\(name)", connection: "s", content: .tables([try drafted(colour)]), title: "", body: "",
        message: "")
    }
    // A Saturday.
    let limits = ProposalLimits(
      schedule: Schedule("mon-fri 07:00-16:00"), now: try #require(Timestamp(iso8601: "2026-11-21T12:00:00Z")))
    let none = OpenWork(branches: [:], pullRequests: [:], kept: [], merged: [])
    let actions = decide(proposals, given: none, limits: limits)
    #expect(
      actions == [
        .propose(proposals.first { $0.colour == .red }!, expected: nil, pullRequest: nil),
        .postpone(
          proposals.first { $0.colour == .green }!,
          reason: "schedule is mon-fri 07:00-16:00 (UTC), and begins again at 2026-11-23T07:00:00Z"),
      ])
    #expect(decide(proposals, given: none, limits: limits, isAsked: { _ in true }).count == 2)
  }

  /// What is open already is kept true at any hour.
  @Test func anOpenOneIsUpdatedOutsideOfItsHours() throws {
    let open = OpenWork(
      branches: [proposal.branch: branch(isOurs: true)], pullRequests: [proposal.branch: pullRequest], kept: [],
      merged: [])
    let limits = ProposalLimits(
      schedule: Schedule("mon"), now: try #require(Timestamp(iso8601: "2026-11-21T12:00:00Z")))
    guard case .propose? = decide([proposal], given: open, limits: limits).last else {
      Issue.record("not updated")
      return
    }
  }

  @Test func decidingAgainAfterSuccessDecidesNothing() {
    let first = decide(
      [proposal], given: OpenWork(branches: [:], pullRequests: [:], kept: [], merged: []))
    #expect(first.count == 1)
    // What success leaves: the branch, the pull request, and both kept, since nothing about them moved.
    let isKept = isKept(
      pullRequest, branch: branch(isOurs: true), subjects: [.table(account.name)],
      findings: [.table(account.name): proposal.changes], isGreenBranch: true, isUnmoved: { _ in true })
    #expect(isKept)
    let second = decide(
      [],
      given: OpenWork(
        branches: [proposal.branch: branch(isOurs: true)],
        pullRequests: [proposal.branch: pullRequest], kept: [proposal.branch], merged: []))
    #expect(second.isEmpty)
  }

  @Test func twoTablesNeverShareAFolderOrABranch() {
    let names = [
      "a", "A", "a.b", "a/b", "../a", "", " ", "a-b", "a_b", ".git", "con", "caf\u{E9}", "cafe\u{301}",
      "x y", "\u{202E}x", String(repeating: "n", count: 300), "a\nb", "green", "-rf", "HEAD",
    ]
    var folders: [String: TableName] = [:]
    var branches: [String: TableName] = [:]
    for schema in names {
      for name in names {
        let table = TableName(schema: schema, name: name)
        let folder = TableFolder(root: "contracts", connection: "s", table: table).path
        let branch = branchName(for: .table(table), of: "s")
        #expect(folders.updateValue(table, forKey: folder) == nil, "\(folder)")
        #expect(branches.updateValue(table, forKey: branch) == nil, "\(branch)")
        #expect(!folder.contains("..") && !folder.contains("/."))
        #expect(
          branch.utf8.allSatisfy { ($0 >= 0x61 && $0 <= 0x7A) || ($0 >= 0x30 && $0 <= 0x39) || "_-/".utf8.contains($0) }
        )
      }
    }
    #expect(branches[greenBranchName(of: "s")] == nil)
    #expect(branches[branchName(for: .connection, of: "s")] == nil)
  }

  @Test func hostileTextIsInertInMarkdown() {
    let name = "</td><script>alert(1)</script> @team | [x](javascript:1) `tick` #12"
    let text: Markdown = "| \(name) | \(code: name) |"
    #expect(!text.description.contains("<script>alert(1)</script> @team | [x]"))
    #expect(!text.description.contains("@team |"))
    let prose: Markdown = "\(name)"
    #expect(!prose.description.contains("<"))
  }

  private func drafted(_ colour: Colour) throws -> TableDraft {
    var draft = try #require(proposal.tables.first)
    for index in draft.changes.indices { draft.changes[index].colour = colour }
    return draft
  }

  private func table(_ name: String) -> TableName { TableName(schema: "s", name: name) }

  private func branch(isOurs: Bool) -> Branch {
    Branch(name: proposal.branch, tip: "2", base: "1", isOurs: isOurs, changes: ["f": "b"])
  }

  private var pullRequest: PullRequest {
    PullRequest(
      id: "p", branch: proposal.branch, state: .open, head: "2", findings: proposal.findings,
      textDigest: "", location: "")
  }

  private let proposal: Proposal = {
    let change = classify(
      [Fact.added("tier").value], connection: "s",
      context: RuleContext(table: account.name, service: "salesforce", dialect: .postgres),
      policies: Policies())
    let draft = try? draft(
      change, answers: [:],
      in: DraftContext(
        connection: "s", service: "salesforce", settingsOwner: .mooring,
        files: TableFiles(folder: TableFolder(path: "contracts/s/t")), landed: account, target: nil,
        number: 1,
        server: ContractServer(
          name: "w", type: "postgres", schema: "salesforce", connectionID: "i", connectorType: "",
          groupID: "g"), dialect: .postgres))
    return DriftCore.proposal(
      branch: greenBranchName(of: "s"), connection: "s", tables: draft.map { [$0] } ?? [], model: nil)
  }()
}
