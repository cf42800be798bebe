extension Instructions {
  mutating func hash(
    _ column: ObservedColumn, for change: ClassifiedChange, in context: DraftContext
  ) {
    note(
      change,
      "clear text is in \(context.landed.name) since the last sync; only a re-sync of the table removes it"
    )
    guard context.settingsOwner == .mooring else {
      note(change, "settings belong to \(context.settingsOwner.rawValue): set \"hashed\" there")
      if let source = column.sourceName {
        watched.append(SettingsPatch(table: context.landed.source, column: source, hashed: true))
      }
      return
    }
    guard let source = column.sourceName else {
      note(change, "its source name is not known yet: set \"hashed\" in Fivetran")
      return
    }
    patches.append(
      SettingsPatch(table: context.landed.source, column: source, enabled: true, hashed: true))
    note(change, "switches on hashing in Fivetran; new rows carry the hash")
  }

  mutating func unblock(
    _ column: ObservedColumn, for change: ClassifiedChange, in context: DraftContext
  ) {
    contractEdits.append(.addColumn(ContractColumn(name: column.name)))
    guard context.settingsOwner == .mooring, let source = column.sourceName else {
      note(
        change,
        "settings belong to \(context.settingsOwner.rawValue): enable the column there; once it lands, a second proposal maps it"
      )
      if let source = column.sourceName {
        watched.append(SettingsPatch(table: context.landed.source, column: source, enabled: true))
      }
      return
    }
    let isSensitive = sensitiveWord(in: column.name) != nil
    patches.append(
      SettingsPatch(
        table: context.landed.source, column: source, enabled: true,
        hashed: isSensitive ? true : nil))
    awaited.append(column.name)
    note(
      change,
      "enables it in Fivetran and waits for a sync; a second proposal maps it, with the type then observed. Rows synced before lack it until a re-sync"
    )
  }
}
