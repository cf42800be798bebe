/// One thing to do in the repository and the forge. Imperative; carried out in the order given.
package enum Action: Hashable, Sendable {
  /// Commit, push with a lease on `expected`, then open or update the pull request.
  case propose(Proposal, expected: CommitID?, pullRequest: String?)
  /// The pull request is no longer needed, and the branch is deleted; nil leaves it.
  case close(pullRequest: String?, branch: Branch?, reason: String)
  /// Enough is open already: proposed once some of that is merged or closed.
  case postpone(Proposal, reason: String)
  /// The forge is asked to merge it by itself once its rules allow it; nil is the one that was just proposed.
  case autoMerge(branch: String, pullRequest: PullRequest?)
  /// A person has touched the branch: it is theirs. Nothing is done, and somebody is told.
  case leave(branch: String, reason: String)
}

/// What is open in the repository and the forge for one connection.
package struct OpenWork: Sendable {
  /// Of this connection, by name.
  package var branches: [String: Branch]
  /// Open ones, by branch.
  package var pullRequests: [String: PullRequest]
  /// Branches that are kept as they are.
  package var kept: Set<String>
  /// The changes of these branches are on the protected branch, perhaps amended.
  package var merged: Set<String>
  /// Of these, those whose changes are there byte for byte: nothing of a person's is lost with such a branch.
  package var mergedExactly: Set<String>
  /// Open pull requests whose branch a person has worked on, and what to tell about each.
  package var theirs: [String: String]
  /// Branches whose pull request a person refused: left for whoever looks later.
  package var refused: Set<String>
  /// Kept ones that are green throughout, and that the forge is not known to merge by itself.
  package var ready: Set<String> = []

  package init(
    branches: [String: Branch], pullRequests: [String: PullRequest], kept: Set<String>,
    merged: Set<String>, mergedExactly: Set<String> = [], theirs: [String: String] = [:],
    refused: Set<String> = []
  ) {
    self.branches = branches
    self.pullRequests = pullRequests
    self.kept = kept
    self.merged = merged
    self.mergedExactly = mergedExactly
    self.theirs = theirs
    self.refused = refused
  }
}

/// How many pull requests of a connection people want to have open at once, and when they want new ones.
package struct ProposalLimits: Sendable {
  private let open: Int
  private let schedule: Schedule?
  private let now: Timestamp

  package init(open: Int = .max, schedule: Schedule? = nil, now: Timestamp = Timestamp(microseconds: 0)) {
    self.open = open
    self.schedule = schedule
    self.now = now
  }

  /// Why one more is not opened now, beside as many; nil where it may be.
  func reason(against count: Int) -> String? {
    if let schedule, !schedule.isOpen(at: now) {
      return "schedule is \(schedule) (UTC), and begins again at \(schedule.opening(after: now))"
    }
    return count < open ? nil : "\(count) of this connection are open, and open_proposals is \(open)"
  }
}

extension OpenWork {
  /// Whether a branch may be replaced or deleted: it is ours, or what a person added to it is on the protected branch too.
  package func isFree(_ branch: Branch) -> Bool {
    branch.isOurs || mergedExactly.contains(branch.name)
  }
}

/// Returns what to do now, given what is proposed and what is open. Run again after the actions succeeded, it returns
/// nothing.
///
/// What is closed or shrunk comes first, so that no table is ever in two open pull requests.
///
/// - Parameters:
///   - limits: on new pull requests. What breaks readers passes.
///   - isAutomated: whether what is green may merge without a person, by the forge's own rules.
///   - isAsked: whether a person wants this branch proposed whatever the limits.
package func decide(
  _ proposals: [Proposal], given open: OpenWork, limits: ProposalLimits = ProposalLimits(), isAutomated: Bool = false,
  isAsked: (String) -> Bool = { _ in false }
) -> [Action] {
  var actions: [Action] = []
  let wanted = Set(proposals.map(\.branch))
  // A branch without a pull request is what a crash between the two leaves.
  for name in Set(open.pullRequests.keys).union(open.branches.keys).sorted() {
    if let reason = open.theirs[name] { actions.append(.leave(branch: name, reason: reason)) }
    if wanted.contains(name) || open.kept.contains(name) { continue }
    let pullRequest = open.pullRequests[name]?.id
    let branch = open.branches[name].flatMap { open.isFree($0) ? $0 : nil }
    let isRefused = open.refused.contains(name) && !open.merged.contains(name)
    if pullRequest == nil, branch == nil || isRefused { continue }
    actions.append(
      .close(
        pullRequest: pullRequest, branch: branch,
        reason: open.merged.contains(name) ? "merged" : "the drift is gone"))
  }
  // The shared branch is redrafted before a table that left it opens its own; of the new ones, the worst come first.
  func rank(_ proposal: Proposal) -> Int {
    if open.pullRequests[proposal.branch] != nil { return 0 }
    return [Colour.red: 1, .yellow: 2, .green: 3][proposal.colour] ?? 3
  }
  let ordered = proposals.sorted { (rank($0), $0.branch) < (rank($1), $1.branch) }
  var count = open.pullRequests.keys.count { wanted.contains($0) || open.kept.contains($0) }
  for proposal in ordered {
    let branch = open.branches[proposal.branch]
    if let branch, !open.isFree(branch) {
      actions.append(
        .leave(
          branch: proposal.branch,
          reason: "a person has worked on this branch: delete it once it is no longer needed"))
      continue
    }
    if open.pullRequests[proposal.branch] == nil {
      if proposal.colour != .red, !isAsked(proposal.branch), let reason = limits.reason(against: count) {
        actions.append(.postpone(proposal, reason: reason))
        continue
      }
      count += 1
    }
    actions.append(
      .propose(
        proposal, expected: branch?.tip, pullRequest: open.pullRequests[proposal.branch]?.id))
    if isAutomated, proposal.colour == .green { actions.append(.autoMerge(branch: proposal.branch, pullRequest: nil)) }
  }
  if isAutomated {
    for name in open.ready.sorted() {
      if let pullRequest = open.pullRequests[name] {
        actions.append(.autoMerge(branch: name, pullRequest: pullRequest))
      }
    }
  }
  return actions
}
