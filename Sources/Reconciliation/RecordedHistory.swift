import DriftCore

/// What the ledgers of a run know of changes, and which of their folders are on the protected branch no more. Made once a run.
struct RecordedHistory: Sendable {
  private let changes: [ConnectionName: [RecordedChange]]
  private let gone: Set<RecordedChange>

  /// - Parameter names: changes of other connections are left out.
  init(
    in ledgers: Reconciler.Ledgers = [:], of names: Set<ConnectionName> = [], on tree: RepositoryTree, root: String
  ) {
    var recorded: [RecordedChange] = []
    for (_, ledger) in ledgers.sorted(by: { $0.key < $1.key }) {
      recorded += recordedChanges(in: (try? ledger.get()) ?? []).filter { names.contains($0.connection) }
    }
    changes = Dictionary(grouping: recorded, by: \.connection)
    gone = Set(DriftCore.vanished(recorded, from: tree, root: root))
  }

  /// Of all connections, in order.
  var all: [RecordedChange] { changes.sorted { $0.key < $1.key }.flatMap(\.value) }

  /// Of one connection, ordered by table and number.
  func changes(of connection: ConnectionName) -> [RecordedChange] { changes[connection] ?? [] }

  func isVanished(_ change: RecordedChange) -> Bool { gone.contains(change) }
}
