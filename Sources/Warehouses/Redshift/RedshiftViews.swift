import DriftCore

extension RedshiftService {
  /// Who may do what with a view, as far as this user may see, and which views are bound to it. A view that binds late reads
  /// by name, and is in no catalogue of what depends on what.
  ///
  /// Source: Amazon Redshift documentation, "SVV_RELATION_PRIVILEGES", "PG_VIEWS" and "Querying the catalog tables".
  func viewFacts(of view: TableName) async throws -> ViewFacts? {
    let owners = try await rows(
      of: "SELECT v.viewowner FROM pg_views v WHERE v.schemaname = \(view.schema) AND v.viewname = \(view.name)")
    let owner = owners.first?.first ?? nil
    let granted = try await rows(
      of: """
        SELECT p.privilege_type, p.identity_type, p.identity_name, p.admin_option FROM svv_relation_privileges p \
        WHERE p.namespace_name = \(view.schema) AND p.relation_name = \(view.name)
        """)
    // A rule belongs to its view and depends on what that view reads.
    let bound = try await rows(
      of: """
        SELECT n.nspname, v.relname FROM pg_class c JOIN pg_namespace s ON s.oid = c.relnamespace \
        JOIN pg_depend d ON d.refobjid = c.oid JOIN pg_depend o ON o.objid = d.objid \
        JOIN pg_class v ON v.oid = o.refobjid JOIN pg_namespace n ON n.oid = v.relnamespace \
        WHERE s.nspname = \(view.schema) AND c.relname = \(view.name) AND o.deptype = 'i' AND v.relkind = 'v'
        """)
    var dependants: Set<TableName> = []
    for row in bound {
      guard row.count == 2, let schema = row[0], let name = row[1] else { throw unreadableView("dependants") }
      dependants.insert(TableName(schema: schema, name: name))
    }
    var grants: [Grant] = []
    for row in granted {
      guard row.count == 4, let privilege = row[0], let kind = row[1], row[2] != nil || kind == "public" else {
        throw unreadableView("grants")
      }
      if kind == "user", row[2] == owner { continue }
      guard let privilege = Grant.Privilege(rawValue: privilege.lowercased()),
        dialect.viewPrivileges.contains(privilege)
      else { continue }
      let grantee =
        kind == "public"
        ? .everyone : Grant.Grantee.Kind(rawValue: kind).map { Grant.Grantee.named($0, RoleName(row[2] ?? "")) }
      guard let grantee else { throw unreadableView("grants") }
      grants.append(Grant([privilege], to: grantee, isGrantable: row[3]?.lowercased().hasPrefix("t") == true))
    }
    return ViewFacts(
      grants: Grant.grouped(grants), dependants: dependants.subtracting([view]).sorted())
  }

  private func unreadableView(_ what: String) -> ServiceError {
    ServiceError(.unreadable, "a row of the \(what) of a view is not in the form asked for")
  }
}
