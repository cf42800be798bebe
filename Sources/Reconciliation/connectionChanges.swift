import DriftCore

extension Reconciler {
  /// What differs from `connection.yaml`, as the rules judge it; nothing where there is no such file. A file that cannot be
  /// read is a gap.
  func connectionChanges(
    _ connection: Observed, _ snapshot: SchemaSnapshot, dialect: Dialect, work: Work, gaps: inout [String]
  ) async throws -> [ClassifiedChange] {
    let path = connectionPath(root: root, connection: connection.name)
    guard let blob = work.tree.files[path], let bytes = try await repository.blobs([blob])[blob] else { return [] }
    let (promise, problems) = parseConnectionPromise(bytes, path: path)
    guard let promise else {
      gaps += problems.filter { $0.severity == .error }.map(\.description)
      return []
    }
    let whole = TableName(schema: "", name: "")
    return classify(
      diff(from: promise, to: snapshot), connection: connection.name,
      context: RuleContext(table: whole, service: connection.status.service, dialect: dialect),
      policies: Policies(contract: nil, table: whole, connection: connection.policy, project: project.policies))
  }
}
