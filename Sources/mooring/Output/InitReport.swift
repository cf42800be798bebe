import DriftCore
import JSON

/// What `mooring init` wrote, and what it left out and why.
struct InitReport {
  struct Connection {
    var name: ConnectionName
    /// That the connection has, those left out too.
    var tables = 0
    var written: [String] = []
    /// Files that were there.
    var left: [String] = []
    var skipped: [(table: TableName, reason: String)] = []
    /// Why nothing of it could be written.
    var problem: String?
  }

  private var written: [String]
  private var connections: [Connection] = []

  init(written: [String] = []) { self.written = written }

  mutating func add(_ connection: Connection) {
    connections.append(connection)
    written += connection.written
  }

  var missing: [ConnectionName] { connections.filter { $0.problem != nil }.map(\.name) }

  var json: JSONValue {
    object([
      ("written", paths(written)),
      (
        "connections",
        .array(
          connections.map { connection in
            object([
              ("name", .string(connection.name.text)), ("tables", .number(String(connection.tables))),
              ("written", paths(connection.written)), ("left", paths(connection.left)),
              (
                "skipped",
                .array(
                  connection.skipped.map { skipped in
                    object([("table", .string(skipped.table.description)), ("reason", .string(skipped.reason))])
                  })
              ), ("problem", connection.problem.map { .string($0) } ?? .null),
            ])
          })
      ),
    ])
  }

  /// The connection that was added last, as people read it.
  func tellLast() {
    guard let connection = connections.last else { return }
    if let problem = connection.problem {
      complain("\(visible(connection.name.text)): left out: \(problem)")
      return
    }
    let files = counted(connection.written.count, "file")
    let left = connection.left.isEmpty ? "" : ", \(connection.left.count) left as they are"
    print(
      "\(padded(visible(connection.name.text), 12)) \(counted(connection.tables, "table")), \(files) written\(left)")
    for skipped in connection.skipped.prefix(mostTold) {
      print("\(padded("", 12)) left out: \(visible(skipped.table.description)), \(skipped.reason)")
    }
    let more = connection.skipped.count - mostTold
    if more > 0 {
      print("\(padded("", 12)) left out: \(counted(more, "more table", "more tables")); --json lists them")
    }
  }

  func tellEnd(folder: String) {
    print(
      "\(counted(written.count, "file")) written in \(folder)/. Look at them, then: git add \(folder) && git commit")
    if missing.isEmpty { return }
    let names = missing.map { visible($0.text) }.joined(separator: " ")
    complain("\(counted(missing.count, "connection")) left out; when that is mended: mooring init \(names)")
  }
}

private let mostTold = 20

private func paths(_ paths: [String]) -> JSONValue { .array(paths.map { .string($0) }) }
