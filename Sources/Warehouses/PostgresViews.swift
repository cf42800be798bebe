import DriftCore
import PostgreSQL

/// Who may do what with a view, and which views read it. Both are in catalogues that everybody may read.
func viewFacts(of name: TableName, on connection: PostgresConnection) async throws -> ViewFacts {
  let parameters = [name.schema, name.name]
  let granted = try await connection.query(
    """
    SELECT g.grantee = 0, r.rolname, g.privilege_type, g.is_grantable
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    CROSS JOIN LATERAL aclexplode(c.relacl) g
    LEFT JOIN pg_roles r ON r.oid = g.grantee
    WHERE n.nspname = $1 AND c.relname = $2 AND g.grantee <> c.relowner
    """, parameters: parameters)
  let columns = try await connection.query(
    """
    SELECT 1 FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname = $1 AND c.relname = $2 AND NOT a.attisdropped AND cardinality(a.attacl) > 0 LIMIT 1
    """, parameters: parameters)
  let dependants = try await connection.query(
    """
    SELECT DISTINCT vn.nspname, v.relname
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    JOIN pg_depend d ON d.refclassid = 'pg_class'::regclass AND d.refobjid = c.oid AND d.classid = 'pg_rewrite'::regclass
    JOIN pg_rewrite w ON w.oid = d.objid
    JOIN pg_class v ON v.oid = w.ev_class JOIN pg_namespace vn ON vn.oid = v.relnamespace
    WHERE n.nspname = $1 AND c.relname = $2 AND v.oid <> c.oid
    """, parameters: parameters)
  return ViewFacts(
    grants: Grant.grouped(granted.rows.compactMap(postgresGrant)), hasColumnGrants: !columns.rows.isEmpty,
    dependants: dependants.rows.compactMap { row in
      row[0].flatMap { schema in row[1].map { TableName(schema: schema, name: $0) } }
    }.sorted())
}

/// Nil for what has no meaning for a view, such as REFERENCES.
private func postgresGrant(_ row: [String?]) -> Grant? {
  guard let privilege = row[2].flatMap({ Grant.Privilege(rawValue: $0.lowercased()) }),
    Dialect.postgres.viewPrivileges.contains(privilege)
  else { return nil }
  guard row[0] != "t" else { return Grant([privilege], to: .everyone, isGrantable: row[3] == "t") }
  return row[1].map { Grant([privilege], to: .named(.user, RoleName($0)), isGrantable: row[3] == "t") }
}
