/// Reads a `change.yaml`. Nil where any error was found.
package func parseChange(_ bytes: [UInt8], path: String) -> (Change?, [Diagnostic]) {
  let (root, diagnostics) = readYAML(bytes, path: path)
  var decoder = YAMLDecoder(path: path, diagnostics: diagnostics)
  guard let root else { return (nil, decoder.diagnostics) }
  let change = decoder.change(root)
  return (decoder.hasErrors ? nil : change, decoder.diagnostics)
}

/// The name of the file that leads back.
let wayBackFile = "down.sql"

extension YAMLDecoder {
  fileprivate mutating func change(_ root: YAMLNode) -> Change? {
    let known = [
      "version", "change", "connection", "table", "target", "supersedes", "undoes", "findings", "actions",
      "steps", "relies_on", "acknowledge", "way_back",
    ]
    guard let fields = self.fields(root, of: "the change", known: known) else { return nil }
    formatVersion(in: fields)
    let folder = self.folder(in: fields)
    let connection = requiredText("connection", in: fields)
    let table = self.table("table", in: fields)
    let target = fields["target"] == nil ? nil : self.table("target", in: fields)
    let findings = items("findings", in: fields).compactMap { finding($0) }
    let actions = items("actions", in: fields).map { ($0, action($0)) }
    let steps = self.steps(in: fields, actions: actions.map(\.1))
    let footprint = fields["relies_on"].map { self.footprint($0) } ?? Footprint()
    let acknowledgements = self.acknowledgements(in: fields, findings: findings)
    let supersedes = integer("supersedes", in: fields)
    let undoes = integer("undoes", in: fields)
    let irreversible = wayBack(in: fields)
    guard let folder, let connection, let table else { return nil }
    if let supersedes, let node = fields["supersedes"], !(1..<folder.number).contains(supersedes) {
      error(node, "change \(folder.number) cannot supersede change \(supersedes)")
    }
    if let undoes, let node = fields["undoes"], !(1..<folder.number).contains(undoes) {
      error(node, "change \(folder.number) cannot undo change \(undoes)")
    }
    return Change(
      number: folder.number, slug: folder.slug, connection: ConnectionName(connection),
      table: table, target: target, findings: findings, actions: actions.compactMap(\.1),
      steps: steps, footprint: footprint, acknowledgements: acknowledgements,
      supersedes: supersedes, undoes: undoes, irreversible: irreversible)
  }

  /// `0001-add-tier`: the number and the slug.
  private mutating func folder(in fields: YAMLFields) -> (number: Int, slug: String)? {
    guard let text = requiredText("change", in: fields), let node = fields["change"] else {
      return nil
    }
    let parts = text.split(separator: "-", maxSplits: 1).map(String.init)
    guard parts.count == 2, parts[0].utf8.count >= 4, let number = Int(parts[0]), number > 0,
      text
        == Change(
          number: number, slug: parts[1], connection: "", table: TableName(schema: "", name: "")
        ).folder,
      parts[1].utf8.allSatisfy({ isSlugByte($0) })
    else {
      error(
        node, "\"\(text)\" is not the name of a change",
        hint: "write the folder's name, such as 0001-add-tier")
      return nil
    }
    return (number, parts[1])
  }

  private mutating func finding(_ node: YAMLNode) -> Finding? {
    let known = ["rule", "column", "colour", "judged_by", "fingerprint", "text"]
    guard let fields = self.fields(node, of: "a finding", known: known) else { return nil }
    let rule = requiredText("rule", in: fields)
    _ = required("colour", in: fields)
    let colour: Colour? = choice("colour", in: fields)
    let fingerprint = requiredText("fingerprint", in: fields)
    let judgedBy = requiredText("judged_by", in: fields)
    guard let rule, let colour, let fingerprint, let judgedBy else { return nil }
    return Finding(
      fingerprint: fingerprint, rule: rule, colour: colour,
      column: optionalText("column", in: fields), judgedBy: judgedBy,
      text: optionalText("text", in: fields) ?? "")
  }

  // MARK: Actions

  private mutating func action(_ node: YAMLNode) -> AlterAction? {
    switch node.text {
    case "replace_view": return .replaceView
    case "drop_view": return .dropView
    case "drop_primary_key": return .dropPrimaryKey
    default: break
    }
    let words = [
      "add_column", "set_type", "rename_column", "drop_column", "drop_not_null", "set_not_null",
      "backfill", "copy_column", "comment_column", "comment_table", "add_primary_key", "rename_table", "grant",
    ]
    guard let entries = node.entries, let word = entries.first(where: { words.contains($0.name) })
    else {
      let name = node.text ?? node.entries?.first?.name ?? node.kind
      error(
        node, "unknown action \"\(name)\"",
        hint: suggestion(for: name, among: words + ["replace_view", "drop_view", "drop_primary_key"], list: "one of"))
      return nil
    }
    if word.name == "grant" { return grant(node).map { .grant($0) } }
    let arguments: [String] =
      switch word.name {
      case "add_column", "set_type": ["type"]
      case "rename_column": ["to"]
      case "copy_column": ["type", "to", "as"]
      case "comment_column": ["text"]
      default: []
      }
    guard let fields = self.fields(node, of: "the action", known: [word.name] + arguments) else {
      return nil
    }
    if word.name == "backfill" || word.name == "add_primary_key" {
      let columns = texts(word.name, in: fields).map { ColumnName($0) }
      if columns.isEmpty { error(node, word.name == "backfill" ? "a backfill of no column" : "a key of no column") }
      return word.name == "backfill" ? .backfill(columns) : .addPrimaryKey(columns)
    }
    guard let name = requiredText(word.name, in: fields) else { return nil }
    let column = ColumnName(name)
    switch word.name {
    case "add_column":
      return requiredText("type", in: fields).map { .addColumn(column, ColumnType(text: $0)) }
    case "set_type":
      return requiredText("type", in: fields).map { .setType(column, ColumnType(text: $0)) }
    case "rename_column":
      return requiredText("to", in: fields).map { .renameColumn(from: column, to: ColumnName($0)) }
    case "copy_column":
      guard let type = requiredText("type", in: fields), let to = requiredText("to", in: fields),
        let newType = requiredText("as", in: fields)
      else { return nil }
      return .copyColumn(from: column, ColumnType(text: type), to: ColumnName(to), ColumnType(text: newType))
    case "comment_column": return requiredText("text", in: fields).map { .commentColumn(column, $0) }
    case "comment_table": return .commentTable(name)
    case "rename_table": return .renameTable(to: name)
    case "drop_column": return .dropColumn(column)
    case "drop_not_null": return .dropNotNull(column)
    default: return .setNotNull(column)
    }
  }

  // MARK: Steps

  private mutating func steps(in fields: YAMLFields, actions: [AlterAction?]) -> [Step] {
    var steps: [Step] = []
    for (index, node) in items("steps", in: fields).enumerated() {
      let words = ["ddl", "backfill", "fivetran", "sync", "resync", "wait", "verify"]
      let known = ["step", "batch"] + words
      guard let fields = self.fields(node, of: "the step", known: known) else { continue }
      let ordinal = integer("step", in: fields)
      if ordinal != index + 1 {
        error(fields["step"] ?? node, "step \(index + 1) is not numbered \(index + 1)")
      }
      let present = fields.entries.filter { words.contains($0.name) }
      guard present.count == 1, let kind = present.first else {
        error(
          node, present.isEmpty ? "a step that does nothing" : "a step that does two things",
          hint: "one of: \(words.joined(separator: ", "))")
        continue
      }
      if let batch = fields.node.entry("batch"), kind.name != "backfill" {
        error(batch.key, "\"batch\" belongs to a backfill")
      }
      guard let work = work(kind, in: fields, actions: actions) else { continue }
      steps.append(Step(ordinal: index + 1, work: work))
    }
    return steps
  }

  private mutating func work(
    _ kind: YAMLEntry, in fields: YAMLFields, actions: [AlterAction?]
  ) -> Step.Work? {
    switch kind.name {
    case "ddl":
      return statement("ddl", in: fields, actions: actions).map { .ddl(statement: $0) }
    case "backfill":
      guard let statement = self.statement("backfill", in: fields, actions: actions) else { return nil }
      _ = required("batch", in: fields)
      guard let batch = integer("batch", in: fields) else { return nil }
      if batch < 1 { error(kind.value, "a batch of \(batch) rows", hint: "write 10000") }
      return .backfill(statement: statement, batch: batch)
    case "fivetran":
      return patch(kind.value).map { .fivetran($0) }
    case "sync":
      if kind.value.text != "all" {
        error(kind.value, "a sync of \(kind.value.shown)", hint: "write sync: all, or resync: [...]")
      }
      return .sync(resync: [])
    case "resync":
      let tables = items("resync", in: fields).compactMap { sourceTable($0) }
      if tables.isEmpty { error(kind.value, "a re-sync of no table", hint: "name the tables") }
      return .sync(resync: tables)
    case "wait":
      let wait: Step.Wait? = choice("wait", in: fields)
      return wait.map { .wait($0) }
    default:
      return verification(kind.value).map { .verify($0) }
    }
  }

  /// The ordinal of an action; a backfill step needs a backfill, a ddl step anything else.
  private mutating func statement(_ key: String, in fields: YAMLFields, actions: [AlterAction?])
    -> Int?
  {
    guard let node = required(key, in: fields), let ordinal = integer(key, in: fields) else {
      return nil
    }
    guard (1...max(1, actions.count)).contains(ordinal), ordinal <= actions.count else {
      error(node, "there is no action \(ordinal)", hint: "count the actions from 1")
      return nil
    }
    if let action = actions[ordinal - 1] {
      var isBackfill = false
      if case .backfill = action { isBackfill = true }
      if isBackfill != (key == "backfill") {
        error(
          node, "action \(ordinal) is \(isBackfill ? "a" : "no") backfill",
          hint: "write \(isBackfill ? "backfill" : "ddl"): \(ordinal)")
      }
    }
    return ordinal
  }

  private mutating func sourceTable(_ node: YAMLNode) -> SourceTable? {
    guard let fields = self.fields(node, of: "a source table", known: ["schema", "table"]) else {
      return nil
    }
    let schema = requiredText("schema", in: fields)
    guard let table = requiredText("table", in: fields), let schema else { return nil }
    return SourceTable(schema: schema, name: table)
  }

  private mutating func patch(_ node: YAMLNode) -> SettingsPatch? {
    let known = ["schema", "table", "column", "enabled", "hashed"]
    guard let fields = self.fields(node, of: "a setting", known: known) else { return nil }
    let schema = requiredText("schema", in: fields)
    let table = requiredText("table", in: fields)
    let enabled = boolean("enabled", in: fields)
    let hashed = boolean("hashed", in: fields)
    if fields["enabled"] == nil, fields["hashed"] == nil {
      error(node, "a setting that sets nothing", hint: "add \"enabled:\" or \"hashed:\"")
    }
    guard let schema, let table else { return nil }
    return SettingsPatch(
      table: SourceTable(schema: schema, name: table), column: optionalText("column", in: fields),
      enabled: enabled, hashed: hashed)
  }

  private mutating func verification(_ node: YAMLNode) -> Step.Verification? {
    if node.text == "target_view" { return .targetView }
    let words = ["target_column", "landed_column", "setting"]
    guard let word = node.entries?.first(where: { words.contains($0.name) })?.name else {
      error(
        node, "unknown verification", hint: "one of: target_view, \(words.joined(separator: ", "))")
      return nil
    }
    let known = word == "target_column" ? [word, "type"] : [word]
    guard let fields = self.fields(node, of: "the verification", known: known) else { return nil }
    switch word {
    case "target_column":
      let column = requiredText(word, in: fields)
      guard let type = requiredText("type", in: fields), let column else { return nil }
      return .targetColumn(ColumnName(column), ColumnType(text: type))
    case "landed_column":
      return requiredText(word, in: fields).map { .landedColumn(ColumnName($0)) }
    default:
      return required(word, in: fields).flatMap { patch($0) }.map { .setting($0) }
    }
  }

  // MARK: What it relies on, and who answers for it

  private mutating func footprint(_ node: YAMLNode) -> Footprint {
    var footprint = Footprint()
    guard let fields = self.fields(node, of: "\"relies_on\"", known: ["target", "landed"]) else {
      return footprint
    }
    for item in items("target", in: fields) {
      let known = ["column", "type", "absent"]
      guard let part = self.fields(item, of: "a column", known: known),
        let name = requiredText("column", in: part)
      else { continue }
      let type = part["type"] == nil ? nil : requiredText("type", in: part)
      if (boolean("absent", in: part) == true) == (type != nil) {
        error(item, "either a type or \"absent: true\" must be there")
      }
      let other = footprint.target.updateValue(
        type.map { ColumnType(text: $0) }, forKey: ColumnName(name))
      if other != nil { error(item, "a second \"\(name)\"") }
    }
    for item in items("landed", in: fields) {
      guard let part = self.fields(item, of: "a column", known: ["column", "type"]),
        let name = requiredText("column", in: part), let type = requiredText("type", in: part)
      else { continue }
      let other = footprint.landed.updateValue(ColumnType(text: type), forKey: ColumnName(name))
      if other != nil { error(item, "a second \"\(name)\"") }
    }
    return footprint
  }

  private mutating func acknowledgements(in fields: YAMLFields, findings: [Finding])
    -> [Acknowledgement]
  {
    items("acknowledge", in: fields).compactMap { node in
      let known = ["fingerprint", "text", "by"]
      guard let part = self.fields(node, of: "an acknowledgement", known: known),
        let fingerprint = requiredText("fingerprint", in: part)
      else { return nil }
      if fingerprint != resyncFingerprint, !findings.contains(where: { $0.fingerprint == fingerprint }) {
        error(node, "no finding has the fingerprint \"\(fingerprint)\"")
      }
      return Acknowledgement(
        fingerprint: fingerprint, text: optionalText("text", in: part) ?? "",
        by: optionalText("by", in: part) ?? "")
    }
  }

  /// `down.sql`, or why there is no way back; may be left out where no statement runs.
  private mutating func wayBack(in fields: YAMLFields) -> String? {
    if fields["way_back"] == nil, fields["actions"]?.items?.isEmpty ?? true { return nil }
    guard let node = required("way_back", in: fields) else { return nil }
    if node.text == wayBackFile { return nil }
    guard node.entries != nil else {
      error(
        node, "the way back is \(node.shown)",
        hint: "write \(wayBackFile), or {none: \"the reason\"}")
      return nil
    }
    return self.fields(node, of: "\"way_back\"", known: ["none"])
      .flatMap { requiredText("none", in: $0) }
  }
}

/// Lower-case letters, digits, `-` and `_`: a slug becomes a folder.
private func isSlugByte(_ byte: UInt8) -> Bool {
  switch byte {
  case 0x61...0x7A, 0x30...0x39, UInt8(ascii: "-"), UInt8(ascii: "_"): true
  default: false
  }
}
