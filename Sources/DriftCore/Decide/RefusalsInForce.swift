/// What people said no to, as it counts at one moment.
package struct RefusalsInForce: Hashable, Sendable {
  /// One "no" as it is shown.
  package struct Item: Hashable, Sendable {
    /// Nil where a person wrote it into a file.
    package var pullRequest: Refusal.Source?
    /// Sorted; empty where it is not known.
    package var tables: [TableName] = []
    package var findings: Int
    package var by: String?
    package var reason: String?
    package var until: Timestamp?
  }

  package private(set) var findings: Set<String> = []
  /// Branches of refused pull requests.
  package private(set) var branches: Set<String> = []
  /// Closings that are only in the forge's list.
  package private(set) var unrecorded: [PullRequest] = []
  package private(set) var items: [Item] = []
  /// By path.
  private var broken: [String: Diagnostic] = [:]

  package init() {}

  package init(_ book: RefusalBook, _ pullRequests: [PullRequest], at now: Timestamp) {
    broken = book.broken
    let refused = pullRequests.filter { $0.state == .refused }
    branches = Set(refused.map(\.branch))
    unrecorded = refused.filter { !book.isRecorded($0) }
    for pullRequest in unrecorded {
      let closing = pullRequest.closing ?? Closing()
      let end = closing.end(from: closing.at ?? now)
      if let end, end <= now { continue }
      findings.formUnion(pullRequest.findings)
      items.append(
        Item(
          pullRequest: Refusal.Source(
            branch: pullRequest.branch, id: pullRequest.id, location: pullRequest.location),
          findings: pullRequest.findings.count, by: closing.by, reason: closing.reason, until: end))
    }
    for (file, refusal) in book.refusals where refusal.counts(at: now) { add(refusal, of: file.table) }
  }

  private mutating func add(_ refusal: Refusal, of table: TableName?) {
    findings.formUnion(refusal.findings.map(\.fingerprint))
    if let source = refusal.pullRequest { branches.insert(source.branch) }
    let tables = table.map { [$0] } ?? []
    // One closing has an entry in the file of each of its tables.
    let isSame: (Item) -> Bool = { item in
      item.pullRequest == refusal.pullRequest && item.by == refusal.by && item.reason == refusal.reason
        && item.until == refusal.until
    }
    if refusal.pullRequest != nil, let index = items.firstIndex(where: isSame) {
      items[index].tables = (items[index].tables + tables).sorted()
      items[index].findings += refusal.findings.count
    } else {
      items.append(
        Item(
          pullRequest: refusal.pullRequest, tables: tables, findings: refusal.findings.count, by: refusal.by,
          reason: refusal.reason, until: refusal.until))
    }
  }

  /// Closings of a connection that are only in the forge's list.
  package func unrecorded(of connection: ConnectionName) -> [PullRequest] {
    unrecorded.filter { $0.branch.hasPrefix("mooring/\(slug(connection.text))/") }
  }

  /// Why a table, or the connection, is not proposed whatever drifts: what was refused in it cannot be read. Nil where it
  /// can.
  ///
  /// - Parameter stems: what the files of the connection's tables are called, without their ending.
  package func hold(on subject: DriftSubject, of connection: ConnectionName, stems: @autoclosure () -> Set<String>)
    -> String?
  {
    if broken.isEmpty { return nil }
    let stems = stems()
    let own = refusalsPath(for: subject, of: connection)
    let problem = broken.sorted { $0.key < $1.key }.first { path, _ in
      guard path.hasPrefix("\(slug(connection.text))/"), path != own, let stem = stem(of: path) else {
        return path == own
      }
      // A file of no table may hold findings of any.
      return stem == self.stem(of: own) || !stems.contains(stem)
    }
    return problem.map { "what was refused here cannot be read, so nothing is proposed: \($0.value)" }
  }

  private func stem(of path: String) -> String? {
    path.split(separator: "/").last.map { String($0.dropLast($0.hasSuffix(".yml") ? 4 : 5)) }
  }

  /// What a look at a connection depends on: changes whenever something begins or ceases to count, or to be readable.
  package func state(of connection: ConnectionName) -> [String] {
    let problems = broken.filter { $0.key.hasPrefix("\(slug(connection.text))/") }.values.map(\.description)
    return findings.sorted() + unrecorded(of: connection).map(\.id).sorted() + problems.sorted()
  }
}
