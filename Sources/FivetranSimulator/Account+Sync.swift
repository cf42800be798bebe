import Cryptography
import DriftCore
import JSON
import PostgreSQL

/// A sync that runs. It takes looks, not time: nothing happens in the destination before its end.
package struct RunningSync: Sendable {
  package var id: String
  package var looksLeft: Int
}

/// What is to be read anew.
package enum Resync: Hashable, Sendable {
  case everything
  case tables(Set<SourcePath>)

  func joined(with other: Resync) -> Resync {
    switch (self, other) {
    case (.tables(let left), .tables(let right)): .tables(left.union(right))
    case (.everything, _), (_, .everything): .everything
    }
  }

  func covers(_ path: SourcePath) -> Bool {
    switch self {
    case .everything: true
    case .tables(let paths): paths.contains(path)
    }
  }
}

package struct SourcePath: Hashable, Sendable {
  package var schema: SourceName
  package var table: SourceName
}

/// How a sync ends.
package enum SyncOutcome: Hashable, Sendable {
  case success
  case failure(reason: String)
  /// A failure that a person has to see to.
  case failureWithTask(reason: String, task: String)
  /// Stopped; goes on by itself later where the schedule is Fivetran's.
  case rescheduled
}

/// Statements of one sync, and the connection as it is once they have run.
package struct Load: Sendable {
  var statements: [String]
  var loaded: Account.Connection
  /// Columns changed their type.
  var hasPromotion: Bool
}

extension Account {
  static let rescheduleDelay: Int64 = 3_600
  /// Rows of a table after its connection's first sync; each further one brings another.
  static let initialRows = 10

  // MARK: The life of a sync

  /// Does nothing where one runs already or the connection is paused.
  mutating func beginSync(at index: Int) {
    guard connections[index].sync == nil, !connections[index].isPaused else { return }
    connections[index].syncsBegun += 1
    connections[index].rescheduledFor = nil
    let number = connections[index].syncsBegun
    connections[index].sync = RunningSync(
      id: syncID(connections[index].id, number), looksLeft: looksOfASync)
    emit("sync_start", at: index)
  }

  /// Ends a running sync without its effect. What it was to read anew stays to be read.
  mutating func cancelSync(at index: Int, reason: String) {
    guard connections[index].sync != nil else { return }
    emit("sync_end", at: index, data: ["status": "CANCELED", "reason": .string(reason)])
    connections[index].sync = nil
  }

  mutating func askResync(_ resync: Resync, at index: Int) {
    connections[index].resync = connections[index].resync?.joined(with: resync) ?? resync
    beginSync(at: index)
  }

  /// What the running sync would do in the destination; nil where it is to fail.
  func load(at index: Int) throws -> Load? {
    if let outcome = connections[index].outcomes.first, outcome != .success { return nil }
    var connection = connections[index]
    connection.look()
    let size = LoadSize(
      before: connection.syncsDone == 0 ? 0 : Self.initialRows + connection.syncsDone - 1,
      rows: Self.initialRows + connection.syncsDone, isIncremental: connection.traits.isIncremental,
      nullsDeleted: connection.traits.nullsDeleted)
    var statements = try Set(connection.config.schemas.filter(\.isEnabled).map(\.landedName)).sorted()
      .map { "CREATE SCHEMA IF NOT EXISTS \(try quoteIdentifier($0))" }
    var hasPromotion = false
    let isTypeLocked = connection.config.isTypeLocked
    for (schema, index) in connection.config.active {
      let landedSchema = connection.config.schemas[schema].landedName
      var table = connection.config.schemas[schema].tables[index]
      let path = SourcePath(schema: connection.config.schemas[schema].name, table: table.name)
      let before = table.landed
      statements += try table.load(
        into: landedSchema, size, isTypeLocked: isTypeLocked,
        isResync: connection.resync?.covers(path) ?? false)
      hasPromotion = hasPromotion || table.landed?.hasRetyped(since: before) ?? false
      connection.config.schemas[schema].tables[index] = table
    }
    return Load(statements: statements, loaded: connection, hasPromotion: hasPromotion)
  }

  /// Ends the running sync as asked: with its load, or without where there is none.
  mutating func endSync(at index: Int, with load: Load?) {
    guard connections[index].sync != nil else { return }
    let time = tick()
    let outcome = connections[index].outcomes.isEmpty ? .success : connections[index].outcomes.removeFirst()
    if let load {
      connections[index].config = load.loaded.config
      connections[index].hasConfig = true
      connections[index].precreated = nil
      connections[index].syncsDone += 1
      connections[index].resync = nil
      if load.hasPromotion, manners.promotionFailsFirst {
        emit("sync_end", at: index, data: ["status": "FAILURE", "reason": "the schema has changed"])
      }
    }
    switch outcome {
    case .success: connections[index].succeededAt = time
    case .failure, .failureWithTask: connections[index].failedAt = time
    case .rescheduled:
      connections[index].rescheduledFor = time.adding(seconds: Self.rescheduleDelay)
    }
    emit("sync_end", at: index, data: outcome.payload(rescheduledFor: connections[index].rescheduledFor))
    connections[index].sync = nil
  }

  /// A load that the destination refused.
  mutating func failSync(at index: Int, reason: String) {
    connections[index].outcomes.insert(.failure(reason: reason), at: 0)
    endSync(at: index, with: nil)
  }

  /// Begins and ends a sync where there is no destination.
  package mutating func completeSync(_ id: String) throws {
    guard let index = index(of: id) else { return }
    beginSync(at: index)
    endSync(at: index, with: try load(at: index))
  }

  /// Moves the clock; syncs that were put off until then begin, unless only the API starts them.
  mutating func passTime(seconds: Int64) {
    _ = tick(seconds: seconds)
    for index in connections.indices where connections[index].scheduleType == "auto" {
      if let time = connections[index].rescheduledFor, time <= now { beginSync(at: index) }
    }
  }

  /// In the form of a UUID, and the same in every run.
  private func syncID(_ connection: String, _ number: Int) -> String {
    let digits = Array(sha256Hex("\(connection)/\(number)"))
    let parts = [0..<8, 8..<12, 12..<16, 16..<20, 20..<32].map { String(digits[$0]) }
    return parts.joined(separator: "-")
  }
}

extension Account.Connection {
  /// Looks at the source, and applies what was asked for before there was anything to apply it to.
  mutating func look() {
    config.discover(source, isFirst: !hasConfig)
    if let precreated, !hasConfig { config.applyLeniently(precreated) }
  }

  var state: String {
    if isPaused { return "paused" }
    if sync != nil { return "syncing" }
    return rescheduledFor == nil ? "scheduled" : "rescheduled"
  }
}
