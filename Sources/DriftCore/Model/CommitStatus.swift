/// What became of a commit, in one respect.
package struct CommitStatus: Hashable, Sendable {
  package enum State: String, Hashable, Sendable, CaseIterable {
    case pending, success, failure
  }

  /// Its name among others of the same commit: `mooring/apply`.
  package var context: String
  package var state: State
  /// One line. What is too long for a forge is cut.
  package var text: String
  /// Where a person finds more.
  package var location: String?

  package init(context: String, state: State, text: String, location: String? = nil) {
    self.context = context
    self.state = state
    self.text = text
    self.location = location
  }
}
