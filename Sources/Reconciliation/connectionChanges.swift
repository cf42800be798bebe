import Cryptography
import DriftCore

extension Reconciler {
  /// What differs from `connection.yaml`, as the rules judge it; nothing where there is no such file. A file that cannot be
  /// read is a gap.
  func connectionChanges(
    _ connection: Observed, _ snapshot: SchemaSnapshot, dialect: Dialect, work: Work, gaps: inout [String]
  ) async throws -> [ClassifiedChange] {
    let path = connectionPath(root: root, connection: connection.name)
    guard let blob = work.tree.files[path] else { return [] }
    // What was found in order is not read again until something of it moves.
    let key = "connection/\(connection.name)"
    let schemas = snapshot.schemas.map { "\($0.name.utf8.count):\($0.name)\($0.isEnabled)\($0.inSource)" }
    let digest = sha256Hex(
      "\(rulesVersion) \(blob) \(work.policyDigest) \(snapshot.changeHandling?.rawValue ?? "")\(schemas.joined())")
    if try await cache.value(for: key) == digest { return [] }
    guard let bytes = try await repository.blobs([blob])[blob] else { return [] }
    let (promise, problems) = parseConnectionPromise(bytes, path: path)
    guard let promise else {
      gaps += problems.filter { $0.severity == .error }.map(\.description)
      return []
    }
    let whole = TableName(schema: "", name: "")
    let found = classify(
      diff(from: promise, to: snapshot), connection: connection.name,
      context: RuleContext(table: whole, service: connection.status.service, dialect: dialect),
      policies: Policies(contract: nil, table: whole, connection: connection.policy, project: project.policies))
    if found.isEmpty, problems.isEmpty { try await cache.set(digest, for: key) }
    return found
  }
}
