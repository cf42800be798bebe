package import DriftCore

/// One connection as it is now.
struct Observed: Sendable {
  var name: ConnectionName
  var policy: ConnectionPolicy
  var status: ConnectionStatus
  var settings: ConnectionSettings
  var types: LandedTypes
  /// What the last look left behind.
  var known: Settled
  /// Tables and views of the destination as its catalogue has them.
  var live = LiveTables()
  /// What could not be read, in words for a person.
  var gaps: [String] = []

  func snapshot(lists: [SourceTable: ColumnList], dialect: Dialect) -> SchemaSnapshot {
    var snapshot = DriftCore.snapshot(
      of: name, settings: settings, types: types, columnLists: lists,
      scope: Scope(include: policy.include, exclude: policy.exclude), dialect: dialect)
    snapshot.gaps += gaps
    return snapshot
  }
}

/// What was read of a destination's catalogue.
struct LiveTables: Sendable {
  /// Schemas that were read; of others nothing is known.
  var schemas: Set<String> = []
  var byName: [TableName: CatalogueTable] = [:]
}

/// One destination: its warehouse and how it is spoken to.
package struct Destination: Sendable {
  package var warehouse: any Warehouse & AuditLog & Leases
  package var dialect: Dialect
  /// Tables as one look at the catalogue showed them; nil: each is read when it is asked about.
  var known: [TableName: CatalogueTable]?

  package init(warehouse: any Warehouse & AuditLog & Leases, dialect: Dialect) {
    self.warehouse = warehouse
    self.dialect = dialect
  }
}

/// Looks, and nothing else: what connections land, from Fivetran and the destinations.
package struct Observer: Sendable {
  var project: Project
  var source: any ConnectionSource
  var typeSource: (any TypeSource)?
  var destinations: [DestinationName: Destination]
  var cache: any Cache
  var progress: @Sendable (String) -> Void

  package init(
    project: Project, source: any ConnectionSource, typeSource: (any TypeSource)?,
    destinations: [DestinationName: Destination], cache: any Cache,
    progress: @escaping @Sendable (String) -> Void
  ) {
    self.project = project
    self.source = source
    self.typeSource = typeSource
    self.destinations = destinations
    self.cache = cache
    self.progress = progress
  }

  /// Every connection of the account.
  package func statuses() async throws -> [ConnectionStatus] {
    try await during("listing the connections") { try await source.connections() }
  }

  /// What one connection of the account lands now.
  package func snapshot(
    of name: ConnectionName, among statuses: [ConnectionStatus]
  ) async throws -> SchemaSnapshot {
    guard let policy = project.connections[name],
      let status = statuses.first(where: { $0.id == policy.id })
    else { throw ConfigurationError("Fivetran does not list connection \"\(name)\"") }
    var usage = Usage()
    var failures: [ConnectionName: any Error] = [:]
    let observed = try await observe(
      [(name, policy, status)], usage: &usage, failures: &failures)
    if let error = failures[name] { throw error }
    guard let connection = observed.first,
      let dialect = destinations[policy.destination]?.dialect
    else { throw ConfigurationError("destination \"\(policy.destination)\" is not configured") }
    return connection.snapshot(lists: [:], dialect: dialect)
  }

  /// Reads settings of each connection, the types of what it lands and its known targets: one Fivetran call a
  /// connection, one catalogue query a destination. Where the types are to come from the metadata endpoint, or the catalogue
  /// cannot be read, three calls more, one for each thousand of its columns.
  ///
  /// What fails is in `failures`, by connection.
  func observe(
    _ connections: [(name: ConnectionName, policy: ConnectionPolicy, status: ConnectionStatus)],
    usage: inout Usage, failures: inout [ConnectionName: any Error]
  ) async throws -> [Observed] {
    var observed: [Observed] = []
    var schemas: [DestinationName: Set<String>] = [:]
    for (name, policy, status) in connections {
      progress("\(name): reading settings")
      do {
        let settings = try await during("reading the settings of \"\(name)\"") {
          try await source.settings(of: policy.id)
        }
        let types = policy.types == .metadata ? try await metadataTypes(of: name, policy) : nil
        let known = Settled(try await cache.value(for: "settled/\(name)"))
        observed.append(
          Observed(
            name: name, policy: policy, status: status, settings: settings,
            types: types ?? .catalogue([:]), known: known))
        schemas[policy.destination, default: []].formUnion(known.targetSchemas)
        if types == nil {
          schemas[policy.destination, default: []]
            .formUnion(
              settings.tables.map {
                destinations[policy.destination]?.dialect.catalogueName($0.name).schema ?? $0.name.schema
              })
        }
      } catch is CancellationError {
        throw CancellationError()
      } catch {
        failures[name] = error
      }
    }
    for (destination, names) in schemas.sorted(by: { $0.key < $1.key }) where !names.isEmpty {
      try await addCatalogue(
        of: names.sorted(), in: destination, to: &observed, usage: &usage, failures: &failures)
    }
    return observed.filter { failures[$0.name] == nil }
  }

  private func addCatalogue(
    of schemas: [String], in name: DestinationName, to observed: inout [Observed],
    usage: inout Usage, failures: inout [ConnectionName: any Error]
  ) async throws {
    let waiting = observed.indices.filter { observed[$0].policy.destination == name }
    do {
      let live = try await liveTables(of: schemas, in: name, usage: &usage)
      for index in waiting {
        observed[index].live = live
        if case .catalogue = observed[index].types { observed[index].types = .catalogue(live.byName) }
      }
    } catch is CancellationError {
      throw CancellationError()
    } catch {
      for index in waiting where try await !readMetadata(of: &observed[index], insteadOf: name, because: error) {
        failures[observed[index].name] = error
      }
    }
  }

  /// Reads the types of a connection that leaves their source open where the catalogue cannot be read. What else the
  /// catalogue says stays unknown. False where there are none.
  private func readMetadata(
    of connection: inout Observed, insteadOf destination: DestinationName, because error: any Error
  ) async throws -> Bool {
    guard connection.policy.types == .auto, let typeSource else { return false }
    do {
      guard let types = try await typeSource.landedTypes(of: connection.policy.id) else { return false }
      connection.types = .metadata(types)
    } catch is CancellationError {
      throw CancellationError()
    } catch {
      return false
    }
    connection.gaps.append(
      "the catalogue of \(destination) cannot be read (\(error)): types are those of Fivetran's metadata endpoint, and nothing is known of keys and of NULL"
    )
    return true
  }

  /// Everything in the named schemas of a destination, in one query.
  func liveTables(
    of schemas: [String], in name: DestinationName, usage: inout Usage
  ) async throws -> LiveTables {
    guard let destination = destinations[name] else {
      throw ActivityError(activity: "destination \"\(name)\"", cause: Unconfigured())
    }
    progress("reading the catalogue of \(name)")
    let tables = Collected()
    try await during("reading the catalogue of \"\(name)\"") {
      try await destination.warehouse.catalogue(of: schemas) { tables.add($0) }
    }
    usage.catalogueQueries += 1
    return LiveTables(schemas: Set(schemas), byName: tables.byName)
  }

  private func metadataTypes(of name: ConnectionName, _ policy: ConnectionPolicy) async throws -> LandedTypes {
    let types = try await during("reading the types of \"\(name)\" from the metadata endpoint") {
      try await typeSource?.landedTypes(of: policy.id)
    }
    guard let types else { throw ActivityError(activity: "connection \"\(name)\"", cause: NoMetadata()) }
    return .metadata(types)
  }
}

private struct Unconfigured: Error, CustomStringConvertible {
  var description: String { "is not configured; see destinations in mooring.yaml" }
}

private struct NoMetadata: Error, CustomStringConvertible {
  var description: String {
    "this account has no metadata endpoint, or the connection is above its cap; set types: catalogue"
  }
}
