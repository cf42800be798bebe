/// Why a statement cannot be written.
package enum DraftRefusal: Error, Hashable, Sendable, CustomStringConvertible {
  case name(NameRefusal)
  /// Not a name that Mooring gives to a column.
  case notAddable(ColumnName)
  /// The table has a column that is the same to the warehouse, or cannot be told from it.
  case taken(ColumnName, by: ColumnName)
  /// The engine's or the loader's own column.
  case reserved(ColumnName)
  /// The type's spelling, of a column.
  case unrecognizedType(ColumnName, String)
  case notLanded(ColumnName)
  case noSource(ColumnName)
  /// `convert: none`, but the landed type does not fit the target's as it is.
  case needsConversion(ColumnName, from: String, to: String)
  /// This dialect has no way to convert so.
  case unconvertible(ColumnName, to: String)
  /// A view would cut longer text in silence.
  case wouldCut(ColumnName, length: Int)
  /// Text that a literal must not hold.
  case literal(String)
  case noKey(TableName)
  case unorderedKey(ColumnName)
  /// Not a column of the mapping that can be filled.
  case notFillable(ColumnName)
  case unsupported(action: String, dialect: String)
  /// The mapping's target is not of the kind that the action is for.
  case wrongTarget(TableName, action: String)
  /// Fivetran owns the landed table.
  case landedTable(TableName)
  /// A grantee whom no statement can name.
  case notGrantee(RoleName, kind: String, dialect: String)
  /// The view must be made anew, and nobody has looked who may read the old one.
  case unknownGrants(TableName)
  /// The view must be made anew, and somebody may read single columns of the old one.
  case columnGrants(TableName)

  package var description: String {
    switch self {
    case .name(let refusal): refusal.description
    case .notAddable(let name):
      "\"\(visible(name.text))\" is not a name that Mooring adds; it must match [a-z_][a-z0-9_]* "
        + "with at most 63 bytes and not be a system column"
    case .taken(let name, let other):
      "the table has \"\(visible(other.text))\", the name of \"\(visible(name.text))\" \(name.difference(from: other)): "
        + "a person chooses another"
    case .reserved(let name): "\"\(visible(name.text))\" is a system column"
    case .unrecognizedType(let column, let type):
      "the type \"\(visible(type))\" of \"\(visible(column.text))\" is not one that Mooring writes"
    case .notLanded(let column): "the landed table has no column \"\(visible(column.text))\""
    case .noSource(let column): "the column \"\(visible(column.text))\" has no source"
    case .needsConversion(let column, let from, let to):
      "\"\(visible(column.text))\" lands as \(visible(from)) and its target is \(visible(to)); "
        + "set convert: cast or try_cast"
    case .unconvertible(let column, let to):
      "no conversion makes \(visible(to)) of what \"\(visible(column.text))\" reads: let mapping.yaml give it another type "
        + "or conversion, map a new column beside it, or leave it out"
    case .wouldCut(let column, let length):
      "a view would cut \"\(visible(column.text))\" to \(length) in silence; use a type without "
        + "length, or convert: try_cast"
    case .literal(let text):
      "the text \"\(visible(text))\" holds a character that no literal may hold"
    case .noKey(let table): "the mapping of \(table) has no key"
    case .unorderedKey(let column):
      "the key \"\(visible(column.text))\" has a type without an order"
    case .notFillable(let column):
      "\"\(visible(column.text))\" is not a column of the mapping that can be filled"
    case .unsupported(let action, let dialect): "\(dialect) has no statement for \(action)"
    case .wrongTarget(let table, let action):
      "\(table) is not the kind of target that \(action) is for"
    case .landedTable(let table): "\(table) is the landed table, which Fivetran owns"
    case .notGrantee(let name, let kind, let dialect):
      "no GRANT of \(dialect) can name the \(kind) \"\(visible(name.text))\""
    case .unknownGrants(let view):
      "\(view) must be made anew beside the old view, and who may read that one is not known: run this where the "
        + "warehouse can be reached"
    case .columnGrants(let view):
      "\(view) must be made anew beside the old view, and single columns of that one are granted: grant the whole "
        + "view instead, or replace it yourself"
    }
  }
}

extension DraftRefusal {
  /// A view must be made anew beside the old one, which has something that the new one could not be given.
  var isAboutOldView: Bool {
    switch self {
    case .unknownGrants, .columnGrants, .notGrantee: true
    default: false
    }
  }
}

/// Runs `body`, whose only failure is a name, among steps that fail with a `DraftRefusal`.
func naming<Value>(_ body: () throws(NameRefusal) -> Value) throws(DraftRefusal) -> Value {
  do { return try body() } catch { throw .name(error) }
}
