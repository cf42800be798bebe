/// A channel that tells people.
package protocol Notifier: Sendable {
  func send(_ notification: Notification) async throws
}

/// Something that people want to know of. Never holds row data or a secret.
package struct Notification: Hashable, Sendable {
  package enum Event: String, Hashable, Sendable, CaseIterable {
    case proposalOpened = "proposal.opened"
    case proposalUpdated = "proposal.updated"
    case changeApplied = "change.applied"
    case changeHeld = "change.held"
    case changeStale = "change.stale"
    case connectionHeld = "connection.held"
    case connectionFailed = "connection.failed"
    /// In Fivetran, by Mooring, because of what is red.
    case connectionPaused = "connection.paused"
    /// What Mooring paused goes on.
    case connectionResumed = "connection.resumed"
    /// Of the whole repository: it names no connection.
    case baseRewritten = "base.rewritten"
    /// Of a destination, or of what a person holds: it names no connection.
    case applyStopped = "apply.stopped"
  }

  package var event: Event
  /// Equal for equal occurrences, so that a receiver can drop repeats.
  package var id: String
  package var connection: ConnectionName
  package var tables: [TableName]
  package var colour: Colour?
  package var title: String
  package var location: String?

  package init(
    event: Event, id: String, connection: ConnectionName, tables: [TableName] = [],
    colour: Colour? = nil, title: String, location: String? = nil
  ) {
    self.event = event
    self.id = id
    self.connection = connection
    self.tables = tables
    self.colour = colour
    self.title = title
    self.location = location
  }
}
