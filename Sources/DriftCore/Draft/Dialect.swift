/// How one kind of warehouse wants to be spoken to. The only place where SQL comes from.
///
/// Data first: tables of types, names and statement forms, read in both directions, so that what is drafted and what is
/// accepted back cannot drift apart. Closures only where the syntax truly differs.
package struct Dialect: Sendable {
  /// `postgres`: in `mooring.yaml` and on the command line.
  package let id: String
  /// `PostgreSQL`: for people.
  package let title: String
  let lexicon: Lexicon
  /// The first row that knows a type writes it.
  let types: [TypeSpelling]
  /// Names, in lower case, of types that the warehouse has and that are compared by their spelling alone.
  var otherTypes: Set<String> = []
  /// Types that the warehouse does not have, and the one whose column holds their values.
  var substitutes: [ColumnType: ColumnType] = [:]
  /// Widenings that differ from `widening`.
  let typeRules: [TypeRule]
  /// What the warehouse does about a widening that no rule names.
  let widening: TypeChange
  /// Whether that goes for a column of a declared key too; elsewhere the key has to go first.
  var retypesKeys = false
  /// Whether that goes for a column that may not be NULL too; elsewhere its NOT NULL has to go first.
  var retypesRequired = true
  /// The first form of an action is the one that is written; the others are read as well.
  let alterations: [Alteration]
  let conversions: Conversions
  let viewRule: ViewRule
  /// Nil where every view is replaced in place, and keeps its grants.
  var grants: GrantForm?
  /// What Fivetran makes of one of its types, where that is not the type's own column here.
  var landed: @Sendable (ColumnType) -> ColumnType = { $0 }
  /// Before the name of a view that is replaced.
  var viewReplacement = "CREATE OR REPLACE VIEW"
  /// Between the name of a replaced view and `AS`.
  var viewClause = ""
  /// Behind a view's SELECT, on a line of its own.
  var viewEnding = ""
  /// Behind each column of a primary key in a new table.
  var keyColumnClause = ""
  /// After the columns of a primary key.
  var primaryKeyClause = ""
  /// Whether a declared key is one: elsewhere it is taken on trust, and rows may share it.
  var enforcesKeys = false
  /// Whether `backfill` fills one batch with `$1...` bound, or the whole table with nothing bound.
  package var fillsInBatches = true
  let backfill: @Sendable (Backfill) -> String
  let load: @Sendable (Load) -> [String]
  /// What an action locks, rewrites and scans, in words.
  let cost: @Sendable (AlterAction, TypeChange?) -> String

  /// Every dialect, by identifier.
  package static let all: [Dialect] = [.bigQuery, .databricks, .postgres, .redshift, .snowflake]

  package static func named(_ id: String) -> Dialect? { all.first { $0.id == id } }
}
