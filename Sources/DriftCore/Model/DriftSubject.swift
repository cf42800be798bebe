/// What drift is about: one proposal answers it, in a branch and a file of its own.
package enum DriftSubject: Hashable, Sendable, Comparable {
  /// The connection as a whole, as `connection.yaml` promises it.
  case connection
  case table(TableName)

  /// Nil for the connection as a whole.
  package var table: TableName? {
    switch self {
    case .connection: nil
    case .table(let name): name
    }
  }
}
