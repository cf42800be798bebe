package import DriftCore

/// A table of one connection: two connections may land tables of one name in two destinations.
package struct TableInConnection: Hashable, Sendable {
  package var connection: ConnectionName
  package var table: TableName
}
