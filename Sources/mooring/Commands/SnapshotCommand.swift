import ArgumentParser
import DriftCore
import JSON
import Reconciliation

struct Snapshot: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "snapshot",
    abstract: "Show what a connection lands now, and what is known of it.",
    discussion: "Each column has two presences: in the source, and landed. Unknown is not absent.")

  @OptionGroup var place: RepositoryOptions
  @Argument(help: "The connection, by its name in mooring.yaml.")
  var connection: String
  @Flag(help: "Print JSON.")
  var json = false

  func run() async throws {
    let progress = Progress()
    let workplace = try await Workplace(place)
    try workplace.check([connection])
    let observer = try Wiring(workplace.project).observer(progress: progress)
    let snapshot = try await observer.snapshot(of: ConnectionName(connection), among: observer.statuses())
    progress.clear()
    if json {
      print(snapshot.json.prettyText)
      return
    }
    for table in snapshot.tables {
      let state = table.isEnabled ? "" : "  (switched off)"
      print(
        "\(visible(table.name.description))  source \(table.inSource.rawValue), landed \(table.landed.rawValue)\(state)"
      )
      for column in table.columns {
        var marks: [String] = []
        if column.isPrimaryKey == true { marks.append("key") }
        if column.isHashed == true { marks.append("hashed") }
        if column.isEnabled == false { marks.append("switched off") }
        print(
          "  \(padded(visible(column.name.text), 36)) \(padded(column.physicalType ?? "type unknown", 26)) source \(padded(column.inSource.rawValue, 8)) landed \(padded(column.landed.rawValue, 8)) \(marks.joined(separator: ", "))"
        )
      }
    }
    print(
      "\(counted(snapshot.tables.count, "table")), \(counted(snapshot.tables.reduce(0) { $0 + $1.columns.count }, "column"))"
    )
  }
}

extension SchemaSnapshot {
  fileprivate var json: JSONValue {
    func flag(_ value: Bool?) -> JSONValue { value.map { .bool($0) } ?? .null }
    let tables = tables.map { table in
      object([
        ("name", .string(table.name.description)), ("enabled", .bool(table.isEnabled)),
        ("in_source", .string(table.inSource.rawValue)), ("landed", .string(table.landed.rawValue)),
        (
          "columns",
          .array(
            table.columns.map { column in
              object([
                ("name", .string(column.name.text)),
                ("type", column.physicalType.map { .string($0) } ?? .null),
                ("nullable", flag(column.isNullable)), ("primary_key", flag(column.isPrimaryKey)),
                ("enabled", flag(column.isEnabled)), ("hashed", flag(column.isHashed)),
                ("in_source", .string(column.inSource.rawValue)),
                ("landed", .string(column.landed.rawValue)),
              ])
            })
        ),
      ])
    }
    return object([
      ("connection", .string(connection.text)), ("complete", .bool(isComplete)),
      ("gaps", .array(gaps.map { .string($0) })), ("tables", .array(tables)),
    ])
  }
}
