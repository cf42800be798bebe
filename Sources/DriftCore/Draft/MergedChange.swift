/// A change as it was merged, and the files of its table around its landing.
package struct MergedChange: Sendable {
  /// Empty where there is no such file.
  package struct Files: Sendable {
    package var contract: [UInt8]
    package var mapping: [UInt8]

    package init(contract: [UInt8], mapping: [UInt8]) {
      self.contract = contract
      self.mapping = mapping
    }
  }

  package var folder: ChangeFolder
  package var change: Change
  /// From up.sql and down.sql, in order.
  package var statements: [String]
  package var down: [String]
  package var before: Files
  package var after: Files

  package init(
    folder: ChangeFolder, change: Change, statements: [String], down: [String], before: Files, after: Files
  ) {
    self.folder = folder
    self.change = change
    self.statements = statements
    self.down = down
    self.before = before
    self.after = after
  }
}

/// What takes the effects of a change back.
struct WayBack {
  /// Of `statements`, in order.
  var actions: [AlterAction] = []
  /// As they were reviewed in down.sql.
  var statements: [String] = []
  var patches: [SettingsPatch] = []

  var words: [String] {
    actions.map(\.words) + patches.map { "set \($0.words) on \($0.column ?? $0.table.name) in Fivetran" }
  }
}

extension MergedChange {
  /// The finding that it is to be undone.
  package func withdrawn(_ dialect: Dialect) throws(UndoRefusal) -> SchemaChange {
    .changeWithdrawn(
      WithdrawnChange(
        number: change.number, digest: folder.digest, name: change.folder, effects: try wayBack(dialect).words))
  }

  func wayBack(_ dialect: Dialect) throws(UndoRefusal) -> WayBack {
    let name = "change \(numbered(change.number))"
    let byHand = "write what should be instead as a change of its own: edit contract and mapping, then mooring draft"
    if let reason = change.irreversible ?? change.lasting {
      throw UndoRefusal("\(name) has no way back: \(reason)", hint: byHand)
    }
    if change.keptView != nil {
      throw UndoRefusal(
        "\(name) made the view anew and kept the old one: its way back is about two views, and a change is about one",
        hint: "run the statements of its down.sql by hand; or \(byHand)")
    }
    var way = WayBack()
    for step in change.steps {
      guard case .fivetran(var patch) = step.work else { continue }
      patch.enabled = patch.enabled.map { !$0 }
      patch.hashed = patch.hashed.map { !$0 }
      way.patches.insert(patch, at: 0)
    }
    if !change.actions.isEmpty, down.isEmpty {
      throw UndoRefusal("\(name) has no way back: it was merged without down.sql", hint: byHand)
    }
    for statement in down {
      way.statements.append(statement)
      if let (_, action) = try? dialect.parse(statement) {
        way.actions.append(action)
      } else if change.actions.contains(.replaceView), !way.actions.contains(.replaceView) {
        way.actions.append(.replaceView)
      } else {
        throw UndoRefusal("\(name): its down.sql holds a statement that Mooring does not run", hint: byHand)
      }
    }
    if way.words.isEmpty {
      throw UndoRefusal(
        "\(name) ran nothing that could be undone: only files changed", hint: "revert its commit in git")
    }
    return way
  }

  /// The first of these changes that is about what this one did.
  package func builder(among later: [Change]) -> Change? {
    later.first { other in
      if change.actions.contains(where: \.isAboutAll) || other.actions.contains(where: \.isAboutAll) {
        return !change.actions.isEmpty && !other.actions.isEmpty
      }
      return !change.touched.isDisjoint(with: other.touched)
    }
  }
}

extension Change {
  /// What it does outside of the target that nothing takes back; nil where there is no such thing.
  var lasting: String? {
    for step in steps {
      switch step.work {
      case .fivetran(let patch) where patch.hashed == true:
        return "\(patch.column ?? patch.table.name) would land in clear text again"
      case .sync(let tables) where !tables.isEmpty: return "what a re-sync has loaded anew cannot be put back"
      case .ddl, .backfill, .fivetran, .sync, .wait, .verify: continue
      }
    }
    return nil
  }

  /// Columns of the target, and settings, that it is about.
  fileprivate var touched: Set<String> {
    var touched: Set<String> = []
    for action in actions {
      for name in action.names { touched.insert("target \(name)") }
    }
    for case .fivetran(let patch) in steps.map(\.work) { touched.insert("setting \(patch.column ?? "")") }
    return touched
  }
}

extension AlterAction {
  /// The columns that it names.
  var names: [ColumnName] {
    switch self {
    case .addColumn(let name, _), .setType(let name, _), .dropColumn(let name), .dropNotNull(let name),
      .setNotNull(let name), .commentColumn(let name, _):
      [name]
    case .copyColumn(let from, _, let to, _), .renameColumn(let from, let to): [from, to]
    case .addPrimaryKey(let names), .backfill(let names): names
    case .commentTable, .dropPrimaryKey, .renameTable, .replaceView, .dropView, .grant: []
    }
  }

  /// It names no column because it is about the target as a whole.
  fileprivate var isAboutAll: Bool {
    switch self {
    case .renameTable, .replaceView, .dropView, .dropPrimaryKey, .addPrimaryKey: true
    case .addColumn, .setType, .copyColumn, .renameColumn, .dropColumn, .dropNotNull, .setNotNull, .commentColumn,
      .commentTable, .grant, .backfill:
      false
    }
  }
}
