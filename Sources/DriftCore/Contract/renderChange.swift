/// The text of a `change.yaml`; `parseChange` reads the same value back.
package func renderChange(_ change: Change) -> String {
  var lines = [
    "version: 1", "change: \(yamlScalar(change.folder))",
    "connection: \(yamlScalar(change.connection.text))",
    "table: \(change.table.yaml.inline)",
  ]
  if let target = change.target { lines.append("target: \(target.yaml.inline)") }
  if let supersedes = change.supersedes { lines.append("supersedes: \(supersedes)") }
  if let undoes = change.undoes { lines.append("undoes: \(undoes)") }
  func list(_ key: String, _ items: [String], note: String = "") {
    if items.isEmpty { return }
    lines.append("\(key):\(note)")
    lines += items.map { "  - \($0)" }
  }
  list("findings", change.findings.map(line))
  list("actions", change.actions.map(line))
  list("steps", change.steps.map(line))
  let target = change.footprint.target.sorted { $0.key < $1.key }.map { name, type in
    let tail = type.map { "type: \(yamlScalar($0.text))" } ?? "absent: true"
    return "{column: \(yamlScalar(name.text)), \(tail)}"
  }
  let landed = change.footprint.landed.sorted { $0.key < $1.key }.map { name, type in
    "{column: \(yamlScalar(name.text)), type: \(yamlScalar(type.text))}"
  }
  if !target.isEmpty || !landed.isEmpty {
    lines.append("relies_on:")
    for (key, items) in [("target", target), ("landed", landed)] where !items.isEmpty {
      lines.append("  \(key):")
      lines += items.map { "    - \($0)" }
    }
  }
  list(
    "acknowledge",
    change.acknowledgements.map {
      "{fingerprint: \(yamlQuoted($0.fingerprint)), text: \(yamlQuoted($0.text)), by: \(yamlQuoted($0.by))}"
    }, note: "   # write your name behind by: before merging")
  if let reason = change.irreversible {
    lines.append("way_back: {none: \(yamlQuoted(reason))}")
  } else {
    lines.append("way_back: \(wayBackFile)")
  }
  return lines.joined(separator: "\n") + "\n"
}

private func line(_ finding: Finding) -> String {
  var parts = ["rule: \(yamlScalar(finding.rule))"]
  if let column = finding.column { parts.append("column: \(yamlScalar(column))") }
  parts += [
    "colour: \(finding.colour.rawValue)", "judged_by: \(yamlScalar(finding.judgedBy))",
    "text: \(yamlQuoted(finding.text))", "fingerprint: \(yamlQuoted(finding.fingerprint))",
  ]
  return "{\(parts.joined(separator: ", "))}"
}

private func line(_ action: AlterAction) -> String {
  func name(_ column: ColumnName) -> String { yamlScalar(column.text) }
  return switch action {
  case .addColumn(let column, let type):
    "{add_column: \(name(column)), type: \(yamlScalar(type.text))}"
  case .setType(let column, let type):
    "{set_type: \(name(column)), type: \(yamlScalar(type.text))}"
  case .copyColumn(let from, let type, let to, let newType):
    "{copy_column: \(name(from)), type: \(yamlScalar(type.text)), to: \(name(to)), as: \(yamlScalar(newType.text))}"
  case .commentColumn(let column, let text): "{comment_column: \(name(column)), text: \(yamlScalar(text))}"
  case .commentTable(let text): "{comment_table: \(yamlScalar(text))}"
  case .addPrimaryKey(let columns): "{add_primary_key: \(yamlList(columns.map(\.text)))}"
  case .dropPrimaryKey: "drop_primary_key"
  case .renameTable(let table): "{rename_table: \(yamlScalar(table))}"
  case .renameColumn(let from, let to): "{rename_column: \(name(from)), to: \(name(to))}"
  case .dropColumn(let column): "{drop_column: \(name(column))}"
  case .dropNotNull(let column): "{drop_not_null: \(name(column))}"
  case .setNotNull(let column): "{set_not_null: \(name(column))}"
  case .replaceView: "replace_view"
  case .dropView: "drop_view"
  case .grant(let grant): line(grant)
  case .backfill(let columns): "{backfill: \(yamlList(columns.map(\.text)))}"
  }
}

private func line(_ grant: Grant) -> String {
  let grantee =
    switch grant.grantee {
    case .everyone: "everyone: true"
    case .named(let kind, let name): "\(kind.rawValue): \(yamlScalar(name.text))"
    }
  let option = grant.isGrantable ? ", grantable: true" : ""
  return "{grant: \(yamlList(grant.privileges.map(\.rawValue))), \(grantee)\(option)}"
}

private func line(_ step: Step) -> String {
  let work: String =
    switch step.work {
    case .ddl(let statement): "ddl: \(statement)"
    case .backfill(let statement, let batch): "backfill: \(statement), batch: \(batch)"
    case .fivetran(let patch): "fivetran: \(text(of: patch))"
    case .sync(let tables):
      tables.isEmpty
        ? "sync: all"
        : "resync: ["
          + tables.map { "{schema: \(yamlScalar($0.schema)), table: \(yamlScalar($0.name))}" }
          .joined(separator: ", ") + "]"
    case .wait(let wait): "wait: \(wait.rawValue)"
    case .verify(.targetColumn(let column, let type)):
      "verify: {target_column: \(yamlScalar(column.text)), type: \(yamlScalar(type.text))}"
    case .verify(.targetView): "verify: target_view"
    case .verify(.landedColumn(let column)):
      "verify: {landed_column: \(yamlScalar(column.text))}"
    case .verify(.setting(let patch)): "verify: {setting: \(text(of: patch))}"
    }
  return "{step: \(step.ordinal), \(work)}"
}

private func text(of patch: SettingsPatch) -> String {
  var parts = [
    "schema: \(yamlScalar(patch.table.schema))", "table: \(yamlScalar(patch.table.name))",
  ]
  if let column = patch.column { parts.append("column: \(yamlScalar(column))") }
  if let enabled = patch.enabled { parts.append("enabled: \(enabled)") }
  if let hashed = patch.hashed { parts.append("hashed: \(hashed)") }
  return "{\(parts.joined(separator: ", "))}"
}
