/// The connections that are worth a look after hints, sorted.
///
/// A branch of ours names its connection. The protected branch, the refusals and the dashboard may be about each of them.
///
/// - Parameters:
///   - connections: those of the contract repository.
///   - branch: the protected one.
package func connectionsToLookAt(
  after hints: [Hint], among connections: [ConnectionName: ConnectionID], branch: String
) -> [ConnectionName] {
  connections.filter { name, id in
    hints.contains { hint in
      switch hint {
      case .connection(let hinted): hinted == id
      case .branch(let hinted): hinted == branch || hinted == refusalsBranch || isBranch(hinted, of: name)
      case .dashboard: true
      }
    }
  }.keys.sorted()
}
