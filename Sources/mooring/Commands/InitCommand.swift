import ArgumentParser
import DriftCore
import Fivetran
import FoundationEssentials
import JSON
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
  @Flag(help: "Print JSON.")
  var json = false

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
    var report = InitReport()
    for name in project.connections.keys.sorted()
    where connections.isEmpty || connections.contains(name.text) {
      let observed = try await outcome { try await observer.snapshot(of: name, among: statuses) }
      switch observed {
      case .success(let snapshot):
        for gap in snapshot.gaps { complain(visible("\(name): \(gap)")) }
        let service = statuses.first { $0.id == project.connections[name]?.id }?.service
        report.add(try write(snapshot, of: service ?? "", project: project, progress: progress))
      case .failure(let error): report.add(InitReport.Connection(name: name, problem: "\(error)"))
      }
      progress.clear()
      if !json { report.tellLast() }
    }
    if json {
      print(report.json.prettyText)
    } else {
      report.tellEnd(folder: folder)
    }
    if !report.missing.isEmpty { throw ExitCode(1) }
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
    if found.isEmpty {
      throw UsageError("this key sees no connection", hint: "give it access to the connections in Fivetran")
    }
    let destinations = try await client.destinations()
    let text = renderProject(found, in: destinations, api: fivetranAPI)
    try writeFile(Array(text.utf8), to: path)
    if json {
      print(InitReport(written: [path]).json.prettyText)
      return
    }
    let wanted = variables(in: text).filter { !$0.hasPrefix("FIVETRAN_") }
    print(
      """
      \(path) written with \(counted(found.count, "connection")).
      Set \(wanted.joined(separator: ", ")) (docs/warehouses.md); look at the file, then run: mooring init
      """)
  }

  private func write(
    _ snapshot: SchemaSnapshot, of service: String, project: Project, progress: Progress
  ) throws -> InitReport.Connection {
    var done = InitReport.Connection(name: snapshot.connection, tables: snapshot.tables.count)
    func put(_ text: String, _ path: String) throws {
      if FileManager.default.fileExists(atPath: path) {
        done.left.append(path)
      } else {
        try writeFile(Array(text.utf8), to: path)
        done.written.append(path)
      }
    }
    guard let policy = project.connections[snapshot.connection],
      let settings = project.destinations[policy.destination],
      let dialect = Dialect.named(settings.kind)
    else { return done }
    try put(
      renderConnectionPromise(ConnectionPromise(promising: snapshot, id: policy.id)),
      connectionPath(root: folder, connection: snapshot.connection))
    let places = TableFolders(root: folder, connection: snapshot.connection, dialect: dialect) {
      FileManager.default.fileExists(atPath: $0)
    }
    let now = currentTime()
    for table in snapshot.tables where table.name.isMatched(by: tables) {
      if let reason = reasonToLeaveOut(table) {
        done.skipped.append((table.name, reason))
        continue
      }
      progress.show("writing \(table.name)")
      let place = places[table.name]
      let contract = contract(promising: table, connection: snapshot.connection)
      let server = ContractServer(
        name: policy.destination.text, type: settings.kind, schema: table.name.schema,
        connectionID: policy.id.text, connectorType: service, groupID: settings.group)
      try put(renderContract(contract, server: server, createdAt: now), place.contract)
      if let target { try putMapping(of: table, snapshot.connection, target, place, dialect, put) }
    }
    return done
  }

  /// Nil where there is something to promise.
  private func reasonToLeaveOut(_ table: ObservedTable) -> String? {
    if table.landed == .present { return nil }
    if table.inSource == .absent { return "gone from the source" }
    if !table.isEnabled { return "switched off in Fivetran" }
    return table.landed == .absent ? "has not landed yet" : "whether it has landed is not known"
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
