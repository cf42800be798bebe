extension Dialect {
  /// What Fivetran calls a table, as the catalogue has it: Fivetran writes names without quotes.
  package func catalogueName(_ name: TableName) -> TableName {
    TableName(schema: folded(name.schema), name: folded(name.name))
  }

  func catalogueName(_ name: ColumnName) -> ColumnName { ColumnName(folded(name.text)) }

  func catalogueNames(_ setting: TableSetting) -> TableSetting {
    guard lexicon.folding == .upper else { return setting }
    var setting = setting
    setting.name = catalogueName(setting.name)
    setting.columns = setting.columns.map(catalogueNames)
    return setting
  }

  func catalogueNames(_ list: ColumnList) -> ColumnList {
    guard lexicon.folding == .upper else { return list }
    return ColumnList(columns: list.columns.map(catalogueNames), looks: list.looks)
  }

  /// The catalogue's own stay as they are.
  func catalogueNames(_ types: LandedTypes) -> LandedTypes {
    guard lexicon.folding == .upper, case .metadata(let tables) = types else { return types }
    return .metadata(
      Dictionary(
        tables.map { name, columns in
          let folded = columns.map { (catalogueName($0.key), $0.value) }
          return (catalogueName(name), Dictionary(folded) { first, _ in first })
        }
      ) { first, _ in first })
  }

  private func catalogueNames(_ column: ColumnSetting) -> ColumnSetting {
    var column = column
    column.name = catalogueName(column.name)
    return column
  }
}
