/// What became of a commit, in one respect.
package struct CommitStatus: Hashable, Sendable {
  package enum State: String, Hashable, Sendable, CaseIterable {
    case pending, success
    /// The change was refused, or did not hold.
    case failure
    /// It could not be told.
    case error
  }

  /// Of apply.
  package static let apply = "mooring/apply"
  /// Of what people wrote on a branch of Mooring's.
  package static let check = "mooring/check"

  /// Its name among others of the same commit.
  package var context: String
  package var state: State
  /// One line. What is too long for a forge is cut.
  package var text: String
  /// An address where a person finds more.
  package var location: String?

  package init(context: String = Self.apply, state: State, text: String, location: String? = nil) {
    self.context = context
    self.state = state
    self.text = text
    self.location = location
  }
}

package enum StatusOutcome: Hashable, Sendable {
  case set
  /// The forge does not have the commit (yet).
  case unknownCommit
}
