/// A proposal as a forge shows it.
package struct PullRequest: Hashable, Sendable {
  package enum State: String, Hashable, Sendable, CaseIterable {
    case open
    /// Closed by a person without merging: a "no" to its findings.
    case refused
  }

  /// The forge's own id.
  package var id: String
  package var branch: String
  package var state: State
  /// Tip that the text was written for.
  package var head: CommitID?
  /// Findings that it answers, sorted.
  package var findings: [String]
  /// SHA-256 of title and body as Mooring wrote them.
  package var textDigest: String
  /// Where a person finds it.
  package var location: String
  /// The forge says that it merges it by itself once its rules allow it; some do not say so.
  package var isAutoMerged: Bool
  /// How it came to be refused; nil for an open one, and where nothing is known.
  package var closing: Closing?

  package init(
    id: String, branch: String, state: State, head: CommitID?, findings: [String],
    textDigest: String, location: String, isAutoMerged: Bool = false, closing: Closing? = nil
  ) {
    self.id = id
    self.branch = branch
    self.state = state
    self.head = head
    self.findings = findings
    self.textDigest = textDigest
    self.location = location
    self.isAutoMerged = isAutoMerged
    self.closing = closing
  }
}

/// The text of a pull request and what it stands for.
package struct PullRequestDraft: Hashable, Sendable {
  package var branch: String
  package var base: String
  package var head: CommitID
  package var title: String
  /// Markdown. Names from outside are already inert.
  package var body: String
  package var findings: [String]
  package var colour: Colour
  package var reviewers: [String]
  /// The commit in mail format: applies with `git am` on the base that it names.
  package var patch: [UInt8]

  package init(
    branch: String, base: String, head: CommitID, title: String, body: String, findings: [String],
    colour: Colour, reviewers: [String] = [], patch: [UInt8]
  ) {
    self.branch = branch
    self.base = base
    self.head = head
    self.title = title
    self.body = body
    self.findings = findings
    self.colour = colour
    self.reviewers = reviewers
    self.patch = patch
  }
}
