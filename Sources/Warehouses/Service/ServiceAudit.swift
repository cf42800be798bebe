import DriftCore

/// The audit log of a warehouse without transactions.
///
/// Table `audit_head` has one row: number and hash of the last line, and the lines that were added last. It changes by
/// UPDATE from what was seen, which one writer can; that makes the lines part of the log. They are copied to table `audit`
/// afterwards, by whoever added them or by the next writer.
struct ServiceAudit: Sendable {
  /// Of other writers that were faster.
  static let maximumTries = 50

  private let log: ServiceTable
  private let end: ServiceTable

  init(service: any StatementService) {
    log = ServiceTable(service: service, name: "audit", texts: ["subject", "gist", "line"], integers: ["sequence"])
    end = ServiceTable(service: service, name: "audit_head", texts: ["hash", "lines"], integers: ["sequence"])
  }

  func append(_ records: [AuditRecord]) async throws {
    for _ in 0..<Self.maximumTries {
      guard let last = try await last() else { continue }
      let gists = try await gists(of: records.map(\.subject), copying: last.lines)
      let lines = AuditLine.chained(records, after: last.head, gists: gists, at: last.time)
      guard let line = lines.last else { return }
      if try await move(from: last.head, to: line.head, lines) {
        for line in lines { try await copy(Copy(line)) }
        return
      }
    }
    throw ServiceError(
      .conflict, "other processes wrote to the audit log \(Self.maximumTries) times meanwhile; nothing was written")
  }

  func lines() async throws -> [String] {
    let rows: [[String?]]
    let last: [Copy]
    do {
      rows = try await log.service.rows(
        of: """
          SELECT \(sql: try log.columns(["sequence", "line"])) FROM \(sql: try log.path) \
          ORDER BY \(sql: try log.column("sequence"))
          """)
      last = try await self.last(isReading: true)?.lines ?? []
    } catch let error as ServiceError where error.kind == .missing {
      return []
    }
    // Two writers may each copy what was added last.
    var lines: [Int: String] = [:]
    for row in rows {
      guard row.count == 2, let sequence = row[0].flatMap({ Int($0) }), let line = row[1] else { throw unreadable }
      if let other = lines[sequence], other != line {
        throw ServiceError(.unreadable, "mooring.audit has two lines with number \(sequence): one was added by hand")
      }
      lines[sequence] = line
    }
    for line in last where lines[line.sequence] == nil { lines[line.sequence] = line.text }
    return lines.sorted { $0.key < $1.key }.map(\.value)
  }

  /// A line as `audit` keeps it.
  private struct Copy {
    var sequence: Int
    var subject: String
    var gist: String
    var text: String

    init(_ line: AuditLine) { (sequence, subject, gist, text) = (line.sequence, line.subject, line.gist, line.text) }

    /// From `audit_head`: `12 subject gist {...}`.
    init?(_ text: Substring) {
      let parts = text.split(separator: " ", maxSplits: 3)
      guard parts.count == 4, let sequence = Int(parts[0]) else { return nil }
      (self.sequence, subject, gist, self.text) = (sequence, String(parts[1]), String(parts[2]), String(parts[3]))
    }

    var packed: String { "\(sequence) \(subject) \(gist) \(text)" }
  }

  private struct Last {
    var head: AuditHead
    var lines: [Copy]
    var time: Timestamp
  }

  /// Nil where its row is not there, or was only just made: others may have made one too, so look again.
  private func last(isReading: Bool = false) async throws -> Last? {
    let statement: BoundSQL = """
      SELECT \(sql: try end.columns(["sequence", "hash", "lines"])), \(sql: end.now) FROM \(sql: try end.path) \
      ORDER BY \(sql: try end.column("sequence"))
      """
    let rows = isReading ? try await end.service.rows(of: statement) : try await end.rows(of: statement)
    // A row that somebody made late is older than what there is.
    guard let row = rows.last else {
      if isReading { return nil }
      let values: [(String, BoundSQL)] = [
        ("sequence", end.integer(0)), ("hash", "\(AuditHead.empty.hash)"), ("lines", "\("")"),
      ]
      try await end.insert(values, unless: "1 = 1")
      return nil
    }
    guard row.count == 4, let sequence = row[0].flatMap({ Int($0) }), let hash = row[1], let packed = row[2],
      let time = row[3].flatMap({ Timestamp(iso8601: $0) })
    else { throw unreadable }
    let lines = packed.split(separator: "\n")
    let copies = lines.compactMap { Copy($0) }
    guard copies.count == lines.count else { throw unreadable }
    return Last(head: AuditHead(sequence: sequence, hash: hash), lines: copies, time: time)
  }

  /// Whether the log's end is now where the lines end. Nobody else can have written these very lines: they name the writer
  /// and the moment.
  private func move(from old: AuditHead, to new: AuditHead, _ lines: [AuditLine]) async throws -> Bool {
    let (sequence, hash) = (try end.column("sequence"), try end.column("hash"))
    let packed = lines.map { Copy($0).packed }.joined(separator: "\n")
    try await end.update(
      """
      \(sql: sequence) = \(end.integer(new.sequence)), \(sql: hash) = \(new.hash), \
      \(sql: try end.column("lines")) = \(packed)
      """, where: "\(sql: sequence) = \(end.integer(old.sequence)) AND \(sql: hash) = \(old.hash)")
    if try await last()?.head == new { return true }
    // Somebody may have gone on from there already, and has copied our lines first.
    let copied = try await log.rows(
      of: """
        SELECT \(sql: try log.column("line")) FROM \(sql: try log.path) \
        WHERE \(sql: try log.column("sequence")) = \(log.integer(new.sequence))
        """)
    return copied.contains { $0.first == lines.last?.text }
  }

  private func copy(_ line: Copy) async throws {
    let values: [(String, BoundSQL)] = [
      ("sequence", log.integer(line.sequence)), ("subject", "\(line.subject)"), ("gist", "\(line.gist)"),
      ("line", "\(line.text)"),
    ]
    try await log.insert(values, unless: "\(sql: try log.column("sequence")) = \(log.integer(line.sequence))")
  }

  /// The last one of each subject, after those of the lines that were added last are copied that were not.
  private func gists(of subjects: [String], copying added: [Copy]) async throws -> [String: String] {
    let sequence = try log.column("sequence")
    var condition: BoundSQL = "\(sql: try log.column("subject")) IN (\(list: subjects))"
    for line in added { condition = "\(condition) OR \(sql: sequence) = \(log.integer(line.sequence))" }
    let rows = try await log.rows(
      of: """
        SELECT \(sql: try log.columns(["sequence", "subject", "gist"])) FROM \(sql: try log.path) \
        WHERE \(condition) ORDER BY \(sql: sequence)
        """)
    var gists: [String: String] = [:]
    var known: Set<Int> = []
    for row in rows {
      guard row.count == 3, let number = row[0].flatMap({ Int($0) }), let subject = row[1], let gist = row[2] else {
        throw unreadable
      }
      known.insert(number)
      gists[subject] = gist
    }
    for line in added where !known.contains(line.sequence) {
      try await copy(line)
      gists[line.subject] = line.gist
    }
    return gists
  }

  private var unreadable: ServiceError {
    ServiceError(
      .unreadable, "mooring.audit is not in Mooring's form", hint: "was it written by a newer version, or by hand?")
  }
}
