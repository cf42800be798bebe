extension CheckedChange {
  /// Holds a change folder against what apply checks before its first step, with the target and the landed table as the
  /// change relies on them. Nil where the change file cannot be read; the linter says why.
  init?(
    _ folder: ChangeFolder, in state: ContractState, connection: ConnectionName, landed: ObservedTable?,
    mapping: Mapping?, dialect: Dialect
  ) {
    let path = "\(folder.path)/change.yaml"
    guard let bytes = state.files[path], let change = parseChange(bytes, path: path).0 else { return nil }
    self.init(
      path: folder.path, steps: stepTexts(of: change, dialect: dialect), statements: [], waitsFor: [],
      refusal: nil, irreversible: change.irreversible, change: change)
    if change.number != folder.number || change.connection != connection || change.table != landed?.name ?? change.table
    {
      refusal = "change.yaml speaks of another change than its folder does"
      return
    }
    do {
      let script = state.files["\(folder.path)/up.sql"] ?? []
      guard let text = String(validating: script, as: UTF8.self) else {
        refusal = "up.sql is not UTF-8"
        return
      }
      statements = try dialect.split(text)
    } catch {
      refusal = "\(error)"
      return
    }
    waitsFor = change.waitingAcknowledgements
    refusal = refusal(folder, landed: landed, mapping: mapping, dialect: dialect)
  }

  private func refusal(
    _ folder: ChangeFolder, landed: ObservedTable?, mapping: Mapping?, dialect: Dialect
  ) -> String? {
    // Names are asked for apart: what else is wrong must be told as well.
    let pending = PendingChange(
      folder: folder, change: change.acknowledged(by: "somebody"), statements: statements, mapping: mapping,
      destination: "", commit: CommitID(""))
    var probe = Probe(
      target: CatalogueTable(reliedOnBy: change, mapping: mapping, dialect: dialect),
      landed: landed.map { reliedOn($0, by: change) }, connection: nil, settings: nil, dialect: dialect)
    var found: String?
    for candidate in systemColumnCandidates {
      probe.landed?.systemColumns = candidate
      switch nextStep(of: pending, ledger: [], probe: probe) {
      case .hold(let reason), .refuse(let reason), .stale(let reason): found = found ?? reason
      case .finish, .execute, .patch, .sync, .unpause, .record, .wait, .probeKeys: return nil
      }
    }
    return found
  }
}

/// The landed table with the types that the change was made for.
private func reliedOn(_ table: ObservedTable, by change: Change) -> ObservedTable {
  var table = table
  for (name, type) in change.footprint.landed {
    if let index = table.columns.firstIndex(where: { $0.name == name }) {
      table.columns[index].type = type
    } else {
      table.columns.append(ObservedColumn(name: name, type: type, landed: .present))
    }
  }
  return table
}
