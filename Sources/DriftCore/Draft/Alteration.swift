/// One form of one ALTER statement: written from left to right, and read back by the same parts.
struct Alteration: Sendable {
  enum Part: Sendable {
    /// Unquoted keywords, upper case, one space between them; or one symbol.
    case words(String)
    case table
    /// A column that is there.
    case column
    /// A name that Mooring gives.
    case newColumn
    case type
    /// Columns that are there, in parentheses.
    case columns
    /// A literal.
    case text
    /// A name that Mooring gives, behind the table's own schema where it is qualified.
    case newTable(isQualified: Bool)
    /// Privileges that a view has, separated by commas.
    case privileges
    /// `PUBLIC`, or a quoted name behind its kind.
    case grantee
    /// `WITH GRANT OPTION`, or nothing.
    case grantOption
  }

  /// What the parts of a form stand for.
  struct Operands {
    var column: ColumnName?
    var newColumn: ColumnName?
    var type: ColumnType?
    var columns: [ColumnName] = []
    var text: String?
    var newTable: String?
    var grant: Grant?
  }

  let kind: AlterAction.Kind
  let parts: [Part]
}

/// The forms that the dialects share; each lists those that it has, the one that it writes first.
extension Alteration {
  static let addColumn = Alteration(
    kind: .addColumn,
    parts: [.words("ALTER TABLE"), .table, .words("ADD COLUMN"), .newColumn, .type])
  static let addColumns = Alteration(
    kind: .addColumn,
    parts: [.words("ALTER TABLE"), .table, .words("ADD COLUMNS ("), .newColumn, .type, .words(")")])
  static let setDataType = Alteration(
    kind: .setType,
    parts: [.words("ALTER TABLE"), .table, .words("ALTER COLUMN"), .column, .words("SET DATA TYPE"), .type])
  static let setType = Alteration(
    kind: .setType,
    parts: [.words("ALTER TABLE"), .table, .words("ALTER COLUMN"), .column, .words("TYPE"), .type])
  static let renameColumn = Alteration(
    kind: .renameColumn,
    parts: [.words("ALTER TABLE"), .table, .words("RENAME COLUMN"), .column, .words("TO"), .newColumn])
  static let dropColumn = Alteration(
    kind: .dropColumn,
    parts: [.words("ALTER TABLE"), .table, .words("DROP COLUMN"), .column])
  static let dropNotNull = Alteration(
    kind: .dropNotNull,
    parts: [.words("ALTER TABLE"), .table, .words("ALTER COLUMN"), .column, .words("DROP NOT NULL")])
  static let setNotNull = Alteration(
    kind: .setNotNull,
    parts: [.words("ALTER TABLE"), .table, .words("ALTER COLUMN"), .column, .words("SET NOT NULL")])
  static let commentOnColumn = Alteration(
    kind: .commentColumn,
    parts: [.words("COMMENT ON COLUMN"), .table, .words("."), .column, .words("IS"), .text])
  static let commentOnTable = Alteration(
    kind: .commentTable, parts: [.words("COMMENT ON TABLE"), .table, .words("IS"), .text])
  static let addPrimaryKey = Alteration(
    kind: .addPrimaryKey, parts: [.words("ALTER TABLE"), .table, .words("ADD PRIMARY KEY"), .columns])
  static let dropPrimaryKey = Alteration(
    kind: .dropPrimaryKey, parts: [.words("ALTER TABLE"), .table, .words("DROP PRIMARY KEY")])
  static let renameTable = Alteration(
    kind: .renameTable,
    parts: [.words("ALTER TABLE"), .table, .words("RENAME TO"), .newTable(isQualified: false)])
  /// Where a bare name would be looked for in the session's schema.
  static let moveTable = Alteration(
    kind: .renameTable,
    parts: [.words("ALTER TABLE"), .table, .words("RENAME TO"), .newTable(isQualified: true)])
  static let dropView = Alteration(
    kind: .dropView,
    parts: [.words("DROP VIEW"), .table])
  static let grant = Alteration(
    kind: .grant,
    parts: [.words("GRANT"), .privileges, .words("ON TABLE"), .table, .words("TO"), .grantee, .grantOption])
}
