package import PostgreSQL

/// Counts what takes effect in a database: each DDL statement that commits, and each row that an update of one table touches.
///
/// What counts is undone with what it counts.
package struct EffectCounter: Sendable {
  private let administrator: PostgresConnection

  package init(_ administrator: PostgresConnection) async throws {
    self.administrator = administrator
    for text in [
      "CREATE TABLE public.effects (text text)",
      """
      CREATE FUNCTION public.count_ddl() RETURNS event_trigger LANGUAGE plpgsql SECURITY DEFINER AS \
      $$ BEGIN INSERT INTO public.effects VALUES (current_query()); END $$
      """,
      """
      CREATE FUNCTION public.count_row() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS \
      $$ BEGIN INSERT INTO public.effects VALUES (current_query()); RETURN NEW; END $$
      """,
      "CREATE EVENT TRIGGER count_ddl ON ddl_command_end EXECUTE FUNCTION public.count_ddl()",
    ] { _ = try await administrator.query(text) }
  }

  /// - Parameter table: quoted.
  package func countRows(of table: String) async throws {
    _ = try await administrator.query(
      "CREATE TRIGGER count_row AFTER UPDATE ON \(table) FOR EACH ROW EXECUTE FUNCTION public.count_row()")
  }

  /// How often the statement took effect since the last `forget`.
  package func effects(of statement: String) async throws -> Int {
    let found = try await administrator.query(
      "SELECT count(*)::text FROM public.effects WHERE strpos(text, $1) > 0", parameters: [statement])
    return found.rows.first?.first?.flatMap { Int($0) } ?? 0
  }

  package func forget() async throws { _ = try await administrator.query("TRUNCATE public.effects") }
}
