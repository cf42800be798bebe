import ArgumentParser
import DriftCore
import Fivetran
import FoundationEssentials
import Reconciliation
import Transport

struct Init: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "init",
    abstract: "Write contracts for what is live: for one connection, or for all.",
    discussion: """
      Without contracts/mooring.yaml it writes that first, from Fivetran's list of connections (key and secret from \
      FIVETRAN_API_KEY and FIVETRAN_API_SECRET). Files that are there are left alone, so it can be stopped and started \
      again. With --target, mappings onto tables or views of your own are written as well, and a target.sql beside each \
      that makes the target.
      """)

  @Argument(help: "Only these connections, by their names in mooring.yaml.")
  var connections: [String] = []
  @Option(help: "Folder of the contracts.")
  var folder = "contracts"
  @Option(help: "Fivetran's API, where mooring.yaml is yet to be written.")
  var fivetranAPI = "https://api.fivetran.com"
  @Option(help: "Also write mappings, onto: view or table.")
  var target: TargetKind?
  @Option(help: "Schema of the targets.")
  var targetSchema = "analytics"
  @Option(help: "Only tables that match this glob over schema.table.")
  var tables = "*"

  enum TargetKind: String, ExpressibleByArgument, CaseIterable {
    case view, table
  }

  func run() async throws {
    let path = "\(folder)/mooring.yaml"
    if !FileManager.default.fileExists(atPath: path) {
      try await writeProject(path)
      return
    }
    guard let data = FileManager.default.contents(atPath: path) else {
      throw UsageError("\(path): cannot be read")
    }
    let (parsed, problems) = parseProject(Array(data), path: path)
    guard let project = parsed else { throw Problems(diagnostics: problems) }
    for name in connections where project.connections[ConnectionName(name)] == nil {
      throw UsageError("there is no connection \"\(visible(name))\" in \(path)", hint: project.suggestion(for: name))
    }
    let progress = Progress()
    let observer = try Wiring(project).observer(progress: progress)
    let statuses = try await observer.statuses()
    var written = 0
    var missing: [String] = []
    for name in project.connections.keys.sorted()
    where connections.isEmpty || connections.contains(name.text) {
      let observed = try await outcome { try await observer.snapshot(of: name, among: statuses) }
      guard case .success(let snapshot) = observed else {
        progress.clear()
        if case .failure(let error) = observed { complain("\(visible(name.text)): left out: \(error)") }
        missing.append(name.text)
        continue
      }
      let service = statuses.first { $0.id == project.connections[name]?.id }?.service
      let counts = try write(snapshot, of: service ?? "", project: project, progress: progress)
      written += counts.written
      progress.clear()
      print(
        "\(padded(name.text, 12)) \(counted(snapshot.tables.count, "table")), \(counted(counts.written, "file")) written\(counts.left == 0 ? "" : ", \(counts.left) left as they are")"
      )
    }
    print("\(counted(written, "file")) written in \(folder)/. Look at them, then: git add \(folder) && git commit")
    if missing.isEmpty { return }
    let names = missing.map { visible($0) }.joined(separator: " ")
    complain("\(counted(missing.count, "connection")) left out; when that is mended: mooring init \(names)")
    throw ExitCode(1)
  }

  /// `mooring.yaml` for every connection that the key may see.
  private func writeProject(_ path: String) async throws {
    let secrets = Secrets()
    let client = FivetranClient(
      api: fivetranAPI,
      key: try secrets.resolve("${FIVETRAN_API_KEY}", for: "mooring init"),
      secret: try secrets.resolve("${FIVETRAN_API_SECRET}", for: "mooring init"),
      transport: try RetryingTransport.live())
    let found = try await client.connections()
    guard let first = found.first else {
      throw UsageError("this key sees no connection", hint: "give it access to the connections in Fivetran")
    }
    try writeFile(Array(projectText(found, api: fivetranAPI, group: first.groupID).utf8), to: path)
    print(
      """
      \(path) written with \(counted(found.count, "connection")).
      Set WAREHOUSE_URL (postgres://user:password@host:5432/database), or write another destination in (docs/warehouses.md); \
      look at the file, then run: mooring init
      """)
  }

  private func write(
    _ snapshot: SchemaSnapshot, of service: String, project: Project, progress: Progress
  ) throws -> (written: Int, left: Int) {
    var (written, left) = (0, 0)
    func put(_ text: String, _ path: String) throws {
      if FileManager.default.fileExists(atPath: path) {
        left += 1
      } else {
        try writeFile(Array(text.utf8), to: path)
        written += 1
      }
    }
    guard let policy = project.connections[snapshot.connection],
      let settings = project.destinations[policy.destination],
      let dialect = Dialect.named(settings.kind)
    else { return (0, 0) }
    try put(
      renderConnectionPromise(ConnectionPromise(promising: snapshot, id: policy.id)),
      connectionPath(root: folder, connection: snapshot.connection))
    let places = TableFolders(root: folder, connection: snapshot.connection, dialect: dialect) {
      FileManager.default.fileExists(atPath: $0)
    }
    let now = currentTime()
    for table in snapshot.tables
    where table.landed == .present && table.name.isMatched(by: tables) {
      progress.show("writing \(table.name)")
      let place = places[table.name]
      let contract = contract(promising: table, connection: snapshot.connection)
      let server = ContractServer(
        name: policy.destination.text, type: settings.kind, schema: table.name.schema,
        connectionID: policy.id.text, connectorType: service, groupID: settings.group)
      try put(renderContract(contract, server: server, createdAt: now), place.contract)
      if let target { try putMapping(of: table, snapshot.connection, target, place, dialect, put) }
    }
    return (written, left)
  }

  private func putMapping(
    of table: ObservedTable, _ connection: ConnectionName, _ kind: TargetKind, _ place: TableFolder,
    _ dialect: Dialect, _ put: (String, String) throws -> Void
  ) throws {
    let name = TableName(schema: dialect.folded(targetSchema), name: table.name.name)
    let target = Target(table: name, kind: kind == .view ? .view : .table)
    let mapping = mapping(of: table, connection: connection, onto: target, dialect: dialect)
    var landed: [ColumnName: ColumnType] = [:]
    for column in table.columns { landed[column.name] = column.type }
    try put(renderMapping(mapping), place.mapping)
    switch kind {
    case .table:
      try put(try dialect.createTarget(mapping) + ";\n", place.path + "/target.sql")
    case .view:
      try put(
        try dialect.createView(mapping, landed: landed, systemColumns: table.systemColumns) + ";\n",
        place.path + "/target.sql")
    }
    try put(try dialect.loadSQL(mapping, landed: landed, systemColumns: table.systemColumns), place.load)
  }
}

private func projectText(_ connections: [ConnectionStatus], api: String, group: String) -> String {
  var names: Set<String> = []
  var text = """
    version: 1
    fivetran:
      api: \(api)
      key: ${FIVETRAN_API_KEY}
      secret: ${FIVETRAN_API_SECRET}
    forge:
      kind: local
      folder: proposals        # patches and texts of proposals, relative to where mooring runs
    destinations:
      warehouse:
        kind: postgres         # or bigquery, databricks, redshift, snowflake, each with keys of its own
        group: \(yamlScalar(group))
        url: ${WAREHOUSE_URL}
    defaults:
      destination: warehouse
      mode: observe            # observe: report only; propose: open proposals and apply what was merged
      types: auto
      new_tables: report
      settings_owner: ui       # mooring: may change Fivetran settings that were merged
    connections:

    """
  for connection in connections {
    let plain = slug(connection.schema.replacing(".", with: "_"))
    let name = names.insert(plain).inserted ? plain : "\(plain)_\(connection.id)"
    names.insert(name)
    let note = connection.groupID == group ? "" : "   # another destination: \(connection.groupID)"
    text += "  \(name):\n    id: \(yamlScalar(connection.id.text))\(note)\n"
  }
  return text
}
