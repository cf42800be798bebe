extension Rule {
  static let columnRemoved = Rule(
    id: "column.removed", .breaking, writes: .ok, back: .source, policy: .block,
    summary: "The source no longer has a promised column.",
    why:
      "The landed column stays, so nothing fails: readers see NULL in every new row, and from some sources in the old ones too.",
    advice: "Ask the source's owner whether it was renamed or dropped. Merge to mark it deprecated; nothing is dropped."
  ) { change, context in
    guard case .columnRemoved = change else { return nil }
    let fate =
      losesOldValues(context.service)
      ? "all its values become NULL" : "stays in the warehouse, fills with NULL from now on"
    return "gone from the source; \(fate)"
  }
}

/// Whether the connector sets the old values of a dropped column to NULL too; the others leave them.
///
/// Source: Fivetran documentation, "Deleted columns": the MySQL and Oracle families, Snowflake, and SQL Server read by the
/// high-volume agent.
func losesOldValues(_ service: String) -> Bool {
  // Aurora is MySQL where its name does not say otherwise.
  if service.contains("postgres") { return false }
  return service.contains("mysql") || service == "sql_server_hva"
    || ["aurora", "maria", "oracle", "snowflake"].contains { service.hasPrefix($0) }
}
