package import DriftCore

/// Fivetran's account as the simulator keeps it: values only. What a sync does to the destination is the loader's.
package struct Account: Sendable {
  package var groupID: String
  package var destinationService: String
  package var connections: [Connection]
  package var steps: [ScenarioStep]
  /// Steps that have happened.
  package var stepsDone = 0
  /// Moves with every event, so that two syncs never have one time.
  package var now: Timestamp
  package var faults: [Fault] = []
  package var requests: [String] = []
  package var webhooks: [Webhook] = []
  /// Requests left in the hour; answers carry it as `X-Rate-Limit-Remaining`.
  package var requestsLeft = 20_000

  package struct Connection: Sendable {
    package var id: String
    package var service: String
    package var schema: String
    package var changeHandling: ChangeHandling
    package var hasMetadata: Bool
    package var tables: [Table]
    package var isPaused = false
    package var setupState = "connected"
    package var succeededAt: Timestamp?
    package var failedAt: Timestamp?
    /// Asked for and not done: the next look at the connection finds it done.
    package var isSyncAsked = false
    package var isHistorical = false
    package var rowsLoaded = 0
    /// Answers of the schema config that hold only half of the tables.
    package var halfListings = 0
  }

  package struct Table: Sendable {
    package var sourceSchema: String
    package var source: String
    package var schema: String
    package var name: String
    package var isEnabled = true
    package var isDeleted = false
    package var columns: [Column]

    package var hasKey: Bool { columns.contains { $0.isPrimaryKey } }
  }

  package struct Column: Sendable {
    package var source: String
    package var name: String
    package var type: String
    package var isPrimaryKey = false
    package var isEnabled = true
    package var isHashed = false
    /// The source no longer has it.
    package var isDeleted = false
    /// Somebody or something has set its state: only such columns are in the schema config.
    package var isTouched = false
    /// Blocked columns that somebody asked to drop; the next sync does it.
    package var isDropAsked = false
  }

  package mutating func tick() -> Timestamp {
    now = now.adding(seconds: 60)
    return now
  }

  func index(of connection: String) -> Int? { connections.firstIndex { $0.id == connection } }

  /// A sync that begins is no longer asked for: whoever looks meanwhile must not begin another.
  package mutating func beginSync(_ connection: String) {
    guard let index = index(of: connection) else { return }
    connections[index].isSyncAsked = false
  }

  package mutating func markSynced(_ connection: String) {
    guard let index = index(of: connection) else { return }
    let time = tick()
    connections[index].succeededAt = time
    connections[index].isSyncAsked = false
    connections[index].isHistorical = false
    connections[index].rowsLoaded += 1
    for table in connections[index].tables.indices {
      for column in connections[index].tables[table].columns.indices {
        connections[index].tables[table].columns[column].isDropAsked = false
      }
    }
  }

  package mutating func markFailed(_ connection: String) {
    guard let index = index(of: connection) else { return }
    connections[index].failedAt = tick()
    connections[index].isSyncAsked = false
  }
}

/// Something that goes wrong on request.
package struct Fault: Sendable {
  package enum Kind: Sendable {
    case status(Int)
    case dropConnection
    case truncate(bytes: Int)
    case delay(milliseconds: Int)
    case halfListing
  }

  package var kind: Kind
  /// A part of the path.
  package var path: String
  package var count: Int
}

package struct Webhook: Sendable {
  package var id: String
  package var url: String
  package var events: [String]
  package var secret: String?
  package var isActive: Bool
  /// Nil for the whole account.
  package var group: String?
}
