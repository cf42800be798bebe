/// What `mooring draft` makes of one edited table.
package struct EditDraft: Sendable {
  /// Nil where nothing is to be written.
  package var draft: TableDraft?
  /// What a person must do first, in words, each with its way out.
  package var left: [String]
}

extension EditedTable {
  /// Drafts what nothing answers for yet, from the files and what was looked at.
  ///
  /// - Parameter number: the next one of the table.
  package func drafted(in project: Project, base: ContractState, edited: ContractState, number: Int) throws -> EditDraft
  {
    guard var landed, after.contract != nil else { return EditDraft(left: []) }
    var left = waiting(landed)
    var changes: [ClassifiedChange] = []
    for found in unanswered(in: project) {
      switch found.change {
      case .targetTypeDiffers(let column, let type):
        left.append(
          "\(column.target) is \(type) in the target and cannot become \(column.type) in place: keep type: \(type) and convert, or map to a column of another name"
        )
      case .targetMissing(let target):
        left.append("\(target.table) is not there: create it, or correct the mapping")
      default: changes.append(found)
      }
    }
    let systemColumns = target == nil ? systemColumns(in: base) : landed.systemColumns
    landed.systemColumns = systemColumns ?? []
    let isView = after.mapping?.target.kind == .view
    if systemColumns == nil, isView || edited.files[folder.load] != nil {
      left.append(
        "\(isView ? "the view" : "load.sql") is not written: which of the loader's own columns \(landed.name) has, files do not tell; run this where the warehouse can be reached"
      )
      if isView { return EditDraft(left: left) }
    }
    let context = DraftContext(
      connection: connection, service: "", settingsOwner: policy.settingsOwner, files: after, landed: landed,
      target: knownTarget, number: number,
      server: ContractServer(
        name: policy.destination.text, type: dialect.id, schema: landed.name.schema, connectionID: policy.id.text,
        connectorType: "", groupID: project.destinations[policy.destination]?.group ?? ""),
      dialect: dialect)
    var draft: TableDraft
    do {
      draft = try DriftCore.draft(edited: changes, in: context)
    } catch let refusal as DraftRefusal where refusal.isAboutOldView {
      return EditDraft(left: left + ["\(refusal)"])
    }
    if target == nil, draft.change.actions.contains(where: { $0.kind == .addColumn }) {
      draft.notes = ["": ["old rows are not filled: whether the key is unique, only the warehouse tells"]]
    }
    // A team that feeds its target otherwise has taken load.sql away; a new mapping never had one.
    let wantsLoad = systemColumns != nil && (edited.files[folder.load] != nil || before.mapping == nil || isView)
    draft.edits.removeAll { edit in
      edited.files[edit.path] == edit.bytes || (edit.path == folder.load && !wantsLoad)
    }
    return EditDraft(draft: draft.edits.isEmpty ? nil : draft, left: left)
  }

  /// The target as it was looked at, else as the base promised it, with what the branch's changes make of it.
  private var knownTarget: CatalogueTable? {
    guard let mapping = after.mapping, let known = target ?? before.mapping.map({ CatalogueTable(promisedBy: $0) })
    else { return nil }
    return changes.reduce(known) { $0.after($1.change.actions, mapping: mapping, dialect: dialect) }
  }

  /// Columns of the mapping that read what is not known to have landed, and a target that nobody has looked at.
  private func waiting(_ landed: ObservedTable) -> [String] {
    guard let mapping = after.mapping, mapping.target.kind != .none else { return [] }
    let there = Set(landed.columns.filter { $0.landed == .present }.map(\.name))
    var left = mapping.columns.filter { !$0.sources.allSatisfy(there.contains) }.map { column in
      "\(column.target) waits for \(column.sources.filter { !there.contains($0) }.map(\.text).joined(separator: ", ")), which has not landed as far as files tell: run this where the warehouse can be reached, or leave it to the run that sees it land"
    }
    if target == nil, !(before.mapping?.feedsSameTarget(as: mapping) ?? false) {
      left.append(
        "whether \(mapping.target.table) is there cannot be told from files: run this where the warehouse can be reached, or leave it to the next run after the merge"
      )
    }
    return left
  }

  /// The loader's own columns, told by what the base rendered from its mapping; nil where that tells nothing.
  private func systemColumns(in base: ContractState) -> [ColumnName]? {
    guard let mapping = after.mapping, mapping.target.kind != .none,
      mapping.rows != RowRules(deleted: .include, history: .all)
    else { return [] }
    guard let old = before.mapping, let contract = before.contract else { return nil }
    let types = landedTypes(of: ObservedTable(promisedBy: contract, insteadOf: nil, dialect: dialect))
    guard let texts = try? renderings(of: old, landed: types, dialect: dialect) else { return nil }
    let scripts = base.files.filter { path, _ in
      path.hasPrefix(folder.path + "/")
        && (path == folder.load || path.hasSuffix("/target.sql") || path.hasSuffix("/up.sql"))
    }.map { String(decoding: $0.value, as: UTF8.self) }
    return zip(systemColumnCandidates, texts).first { _, text in
      // How the view was made does not matter: by the first statement, or in the place of another one.
      let statements =
        old.target.kind == .table
        ? String(decoding: withoutHeading(Array(text.utf8)), as: UTF8.self)
        : text.firstRange(of: "SELECT\n").map { String(text[$0.lowerBound...]) } ?? text
      return scripts.contains { $0.contains(statements) }
    }?.0
  }
}
