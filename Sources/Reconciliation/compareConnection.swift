import Cryptography
import DriftCore

extension Reconciler {
  /// Compares `connection.yaml` with what is observed, as the rules judge it; a connection without one promises nothing. A
  /// file that cannot be read is a gap.
  func compareConnection(
    _ connection: Observed, dialect: Dialect, work: Work, into comparison: inout Comparison
  ) async throws {
    let path = connectionPath(root: root, connection: connection.name)
    guard let blob = work.tree.files[path] else { return }
    let snapshot = comparison.snapshot
    // What was found in order is not read again until something of it moves.
    let key = "connection/\(connection.name)"
    let schemas = snapshot.schemas.map { "\($0.name.utf8.count):\($0.name)\($0.isEnabled)\($0.inSource)" }
    let digest = sha256Hex(
      "\(rulesVersion) \(blob) \(work.policyDigest) \(snapshot.changeHandling?.rawValue ?? "")\(schemas.joined())")
    if try await cache.value(for: key) == digest { return }
    guard let bytes = try await repository.blobs([blob])[blob] else { return }
    let (promise, problems) = parseConnectionPromise(bytes, path: path)
    guard let promise else {
      comparison.snapshot.gaps += problems.filter { $0.severity == .error }.map(\.description)
      comparison.unclear.insert(.connection)
      return
    }
    comparison.connectionFile = ConnectionFile(path: path, bytes: bytes)
    let whole = TableName(schema: "", name: "")
    let found = classify(
      diff(from: promise, to: snapshot), connection: connection.name,
      context: RuleContext(table: whole, service: connection.status.service, dialect: dialect),
      policies: Policies(contract: nil, table: whole, connection: connection.policy, project: project.policies))
    if !found.isEmpty {
      comparison.changes[.connection] = found
    } else if problems.isEmpty {
      try await cache.set(digest, for: key)
    }
  }

  /// The edit of `connection.yaml`; one that its text does not allow is reported and left.
  func connectionDraft(for comparison: Comparison, result: inout ConnectionReport) -> ConnectionDraft? {
    guard let changes = comparison.changes[.connection], let file = comparison.connectionFile else { return nil }
    do throws(EditRefusal) {
      let drafted = try draft(changes, onto: file)
      result.add(.connection, changes, .drifted)
      return drafted
    } catch {
      result.add(.connection, changes, .unreadable("\(error)"))
      return nil
    }
  }
}
