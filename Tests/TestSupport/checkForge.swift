package import DriftCore
import Testing

/// What every forge promises. `forge` holds no pull request of ours before.
///
/// - Parameter push: moves the branch of a draft, as git does before the forge is told; returns where it then is.
package func checkForge(
  _ forge: any Forge, push: (PullRequestDraft) throws -> CommitID = { $0.head }
) async throws {
  #expect(try await forge.pullRequests().isEmpty)

  // Opening finds what the branch already has, and updates it.
  var draft = exampleDraft("mooring/salesforce/green", title: "Add tier")
  draft.head = try push(draft)
  let opened = try await forge.open(draft)
  #expect(opened.state == .open)
  #expect(opened.branch == draft.branch)
  #expect(opened.head == draft.head)
  #expect(opened.findings == ["a.1", "b.2"], "findings are sorted")
  #expect(try await forge.open(draft) == opened, "opening again changes nothing")
  #expect(try await forge.pullRequests() == [opened])

  draft.body += "\nOne more line."
  let changed = try await forge.open(draft)
  #expect(changed.id == opened.id)
  #expect(changed.textDigest != opened.textDigest)
  #expect(try await forge.pullRequests() == [changed])

  // Updating.
  draft.title = "Add tier and region"
  draft.head = CommitID(String(repeating: "c", count: 40))
  draft.findings = ["c.3"]
  draft.head = try push(draft)
  let updated = try await forge.update(opened.id, to: draft)
  #expect(updated.id == opened.id)
  #expect(updated.head == draft.head)
  #expect(updated.findings == ["c.3"])
  #expect(updated.textDigest != changed.textDigest)
  #expect(try await forge.pullRequests() == [updated])

  // The list holds all of ours, each branch once.
  var retype = exampleDraft("mooring/salesforce/account", title: "Retype")
  var neighbour = exampleDraft("mooring/salesforce--account", title: "Neighbour")
  retype.head = try push(retype)
  neighbour.head = try push(neighbour)
  let other = try await forge.open(retype)
  let third = try await forge.open(neighbour)
  #expect(Set([updated.id, other.id, third.id]).count == 3)
  #expect(Set(try await forge.pullRequests()) == [updated, other, third])

  // A refusal stays in the list; a closed one leaves it.
  let no = Closing(
    by: "kim", reason: "we keep -->\nthe old type", at: Timestamp(iso8601: "2026-11-21T12:00:00Z"),
    until: Timestamp(iso8601: "2026-12-24T00:00:00Z"))
  try await forge.refuse(other.id, as: no)
  try await forge.refuse(other.id, as: Closing(reason: "said twice, the first counts"))
  try await forge.close(third.id, because: "the drift is gone")
  try await forge.close(third.id, because: "the drift is gone")
  let list = try await forge.pullRequests()
  #expect(Set(list.map(\.id)) == [updated.id, other.id])
  #expect(list.first { $0.id == other.id }?.state == .refused)
  let refused = try #require(list.first { $0.id == other.id })
  #expect(refused.findings == other.findings)
  #expect(refused.closing?.by == no.by)
  #expect(refused.closing?.reason.map { brief($0) } == "we keep --> the old type")
  #expect(refused.closing?.at != nil)
  #expect(refused.closing?.until == no.until)

  // A comment is one for each purpose, on open and closed ones.
  for id in [updated.id, other.id] {
    try await forge.comment(on: id, .check, "Waits for \(code: "orders_db").\n")
    try await forge.comment(on: id, .check, "Waits no more.\n")
    try await forge.comment(on: id, .applied, "Applied.\n")
  }
  #expect(try await forge.pullRequests() == list, "a comment changes nothing else")

  // A commit shows what became of it; setting it again is harmless.
  let landing = retype.head
  for state in CommitStatus.State.allCases + [.success, .success] {
    #expect(try await forge.set(CommitStatus(state: state, text: "1 step"), on: landing) == .set)
  }
  #expect(try await forge.merged(landing, into: draft.base) == nil, "nothing was merged")

  // Whoever updates a closed or a refused one does not open it.
  _ = try await forge.update(other.id, to: retype)
  _ = try await forge.update(third.id, to: neighbour)
  #expect(try await forge.pullRequests() == list)

  // A refusal may be taken back; what is open or closed already stays as it is.
  try await forge.lift(updated.id)
  try await forge.lift(third.id)
  #expect(try await forge.pullRequests() == list)
  try await forge.lift(other.id)
  #expect(try await forge.pullRequests() == [updated])
  #expect(try await forge.open(retype).state == .open)
  try await forge.refuse(other.id, as: Closing(reason: "no"))
  #expect(try await forge.pullRequests().map(\.state).contains(.refused))

  // One dashboard, which is written over only where nobody has ticked a box since.
  #expect(try await forge.dashboard() == nil)
  var dashboard = Dashboard()
  dashboard.add(Dashboard.Item("\(code: "a")", tick: .proposeAll), to: .open)
  let issue = try await forge.openDashboard(Dashboard.title, dashboard.body())
  #expect(try await forge.dashboard() == issue)
  #expect(try await forge.openDashboard(Dashboard.title, dashboard.body()) == issue)
  let ticked = dashboard.body(keeping: [.proposeAll])
  #expect(try await forge.write(ticked, over: issue))
  let now = try #require(try await forge.dashboard())
  #expect(now.id == issue.id)
  #expect(DashboardTicks(body: now.body).contains(.proposeAll))
  #expect(try await forge.write(Dashboard().body(), over: issue) == false, "it has another text by now")
  #expect(try await forge.dashboard() == now)

  // A closed one may be opened again.
  var again = exampleDraft("mooring/salesforce--account", title: "Again")
  again.head = neighbour.head
  let reopened = try await forge.open(again)
  #expect(reopened.state == .open)
  #expect(try await forge.pullRequests().contains(reopened))

  await #expect(throws: (any Error).self) {
    try await forge.close("no-such-pull-request", because: "none")
  }
  await #expect(throws: (any Error).self) {
    try await forge.comment(on: "no-such-pull-request", .check, "none")
  }
}

/// A draft with findings out of order.
package func exampleDraft(_ branch: String, title: String) -> PullRequestDraft {
  PullRequestDraft(
    branch: branch, base: "main", head: CommitID(String(repeating: "a", count: 40)), title: title,
    body: "The source has one column more.", findings: ["b.2", "a.1"], colour: .yellow,
    reviewers: ["sales-data"], patch: Array("From 0000\n".utf8))
}
