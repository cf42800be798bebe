package import JSON

extension Probe {
  /// What was found of what the change touches and reads, for the audit log: types and settings, no rows.
  package func facts(about change: Change) -> JSONValue {
    var facts: [JSONMember] = []
    if let name = change.target {
      facts.append(JSONMember("target", types(of: target, change.expectedTarget(after: change.actions.count).keys)))
      facts.append(JSONMember("target_name", .string(name.description)))
    }
    if !change.footprint.landed.isEmpty {
      let columns = (landed?.columns ?? []).map { CatalogueColumn(name: $0.name, physicalType: $0.physicalType ?? "") }
      let table = landed.map { _ in CatalogueTable(name: change.table, columns: columns) }
      facts.append(JSONMember("landed", types(of: table, change.footprint.landed.keys)))
    }
    let patches = change.steps.compactMap { step -> JSONMember? in
      guard case .fivetran(let patch) = step.work else { return nil }
      let isSo = setting(patch, in: settings)
      return JSONMember("\(step.ordinal)", isSo.map { .bool($0) } ?? .null)
    }
    if !patches.isEmpty { facts.append(JSONMember("settings_in_place", .object(patches))) }
    return .object(facts)
  }

  /// By column, null where there is none; null for a table that is not there.
  private func types(of table: CatalogueTable?, _ names: some Collection<ColumnName>) -> JSONValue {
    guard let table else { return .null }
    return .object(
      names.map { name in
        let type = table.columns.first { $0.name == name }?.physicalType
        return JSONMember(name.text, type.map { .string($0) } ?? .null)
      })
  }
}
