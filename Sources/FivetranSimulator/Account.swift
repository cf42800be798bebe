package import DriftCore
package import JSON

/// Fivetran's account as the simulator keeps it: values only. What a sync does to the destination is the loader's.
package struct Account: Sendable {
  package var groupID: String
  package var destinationService: String
  package var connections: [Connection]
  package var steps: [ScenarioStep]
  /// Steps that have happened.
  package var stepsDone = 0
  /// Fivetran's clock. It moves with every sync, so that two never have one time, and by `POST /simulator/clock`.
  package var now = Timestamp(microseconds: 1_767_225_600_500_000)
  /// Seconds that have passed outside. Only the rate limits look at it, so that everything else stays repeatable.
  package var uptime: Int64 = 0
  /// How often a running sync is seen as `syncing` before a look finds it finished.
  package var looksOfASync = 1
  package var limits = RateLimits()
  package var faults: [Fault] = []
  package var requests: [String] = []
  package var webhooks: [Webhook] = []
  package var webhooksMade = 0
  package var manners = WebhookManners()
  package var deliveries = Deliveries()

  package init(groupID: String, destinationService: String) {
    self.groupID = groupID
    self.destinationService = destinationService
    connections = []
    steps = []
  }

  package struct Connection: Sendable {
    package var id: String
    package var service: String
    package var schema: String
    package var source: Source
    package var config: SchemaConfig
    /// False until the source has been looked at for the first time.
    package var hasConfig = false
    /// What was asked for before there was a config.
    package var precreated: JSONValue?
    package var traits = Traits()
    package var setupState = "connected"
    package var isPaused = false
    package var pausesAfterTrial = false
    package var scheduleType = "auto"
    package var syncFrequency = 360
    package var dailySyncTime: String?
    package var succeededAt: Timestamp?
    package var failedAt: Timestamp?
    package var rescheduledFor: Timestamp?
    package var sync: RunningSync?
    /// A re-sync that has not succeeded yet.
    package var resync: Resync?
    /// How the next syncs end; then they succeed.
    package var outcomes: [SyncOutcome] = []
    package var syncsBegun = 0
    package var syncsDone = 0
    /// Answers of the schema config that hold only half of the tables.
    package var halfListings = 0
  }

  /// What a connection is like, from its scenario file.
  package struct Traits: Sendable {
    package var hasMetadata = false
    /// False where only the whole connection can be re-synced.
    package var resyncsTables = true
    /// New columns stay NULL in rows that are there already.
    package var isIncremental = false
    /// Columns that left the source lose all of their values.
    package var nullsDeleted = false
    /// Whether it has synced when the simulator starts.
    package var startsSynced = true
  }

  package mutating func tick(seconds: Int64 = 60) -> Timestamp {
    now = now.adding(seconds: seconds)
    return now
  }

  func index(of connection: String) -> Int? { connections.firstIndex { $0.id == connection } }
}
