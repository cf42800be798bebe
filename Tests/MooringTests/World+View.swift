import PostgreSQL
import TestSupport

/// A target that is a view, which somebody may read and another view does.
extension World {
  func adoptReadView() async throws {
    try await adopt(onto: "view")
    for statement in [
      // Roles belong to the server, which other tests use at the same time.
      """
      DO $$ BEGIN CREATE ROLE mooring_reader; EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$
      """,
      "GRANT SELECT ON analytics.account TO mooring_reader",
      "CREATE VIEW analytics.reader AS SELECT count(name) AS names FROM analytics.account",
    ] { _ = try await database.query(statement) }
  }

  /// Takes a column out of the mapping, which no view of PostgreSQL does in place.
  func leaveOutName(commit commits: Bool = true) throws {
    let path = "contracts/salesforce/salesforce.account/mapping.yaml"
    let mapping = try read(path).split(separator: "\n").filter { !$0.contains("source: name,") }
    try write(mapping.joined(separator: "\n") + "\n", to: path)
    if commits { try commit("no name") }
  }

  /// Whether the new view lacks the column and may be read, and the reader goes on reading the old one.
  static let isMadeAnew = """
    SELECT (has_table_privilege('mooring_reader', 'analytics.account', 'select')
      AND has_table_privilege('mooring_reader', 'analytics.account_before_0001', 'select')
      AND (SELECT names FROM analytics.reader) = 10
      AND NOT EXISTS (SELECT 1 FROM pg_attribute WHERE attrelid = 'analytics.account'::regclass AND attname = 'name')
    )::text
    """
}
