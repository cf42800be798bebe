import Cryptography
import JSON

/// The end of an audit log: what the next line goes on from, and what people keep elsewhere to know the log again.
package struct AuditHead: Hashable, Sendable {
  /// 0 where there is no line yet.
  package var sequence: Int
  /// 64 digits.
  package var hash: String

  package init(sequence: Int, hash: String) {
    self.sequence = sequence
    self.hash = hash
  }

  package static let empty = AuditHead(sequence: 0, hash: String(repeating: "0", count: 64))
}

/// One line of an audit log: a record, chained to the line before.
///
/// The hash is SHA-256 over the byte 0 and the line without its `hash`: the form of a leaf in RFC 6962, so that a signed
/// checkpoint over the same lines may come later. Its JSON has sorted keys, no spaces and integers only.
package struct AuditLine: Hashable, Sendable {
  package let sequence: Int
  package let hash: String
  package let subject: String
  package let gist: String
  /// Without a line feed.
  package let text: String

  /// - Parameter time: by the destination's clock.
  package init(_ record: AuditRecord, after head: AuditHead, at time: Timestamp) {
    sequence = head.sequence + 1
    subject = record.subject
    gist = record.gist
    let members =
      record.members + [
        JSONMember("form", JSONValue(auditForm)), JSONMember("previous", .string(head.hash)),
        JSONMember("sequence", JSONValue(sequence)), JSONMember("time", .string(time.description)),
      ]
    hash = auditHash(of: members)
    text = JSONValue.object(members + [JSONMember("hash", .string(hash))]).canonicalText
  }

  /// The record's lines in their order; those that say what was last said of their subject are left out.
  ///
  /// - Parameter gists: the last one of each subject in the log.
  package static func chained(
    _ records: [AuditRecord], after head: AuditHead, gists: [String: String], at time: Timestamp
  ) -> [AuditLine] {
    var (lines, head, gists) = ([AuditLine](), head, gists)
    for record in records where gists[record.subject] != record.gist {
      let line = AuditLine(record, after: head, at: time)
      lines.append(line)
      head = line.head
      gists[line.subject] = line.gist
    }
    return lines
  }

  package var head: AuditHead { AuditHead(sequence: sequence, hash: hash) }
}

/// The form of the lines that this version writes and reads.
let auditForm = 1

func auditHash(of members: [JSONMember]) -> String {
  hex(sha256([0] + Array(JSONValue.object(members).canonicalText.utf8)))
}

/// Every key of a line.
let auditKeys: Set<String> = [
  "approver", "change", "commit", "connection", "destination", "detail", "digest", "event", "form", "found", "hash",
  "inputs", "judgements", "kind", "part", "previous", "rules", "sequence", "statements", "step", "sync", "table",
  "time", "token", "writer",
]

extension AuditRecord {
  /// What is not known is left out.
  fileprivate var members: [JSONMember] {
    var members = [
      JSONMember("change", JSONValue(step.change)), JSONMember("commit", .string(commit)),
      JSONMember("connection", .string(step.connection.text)),
      JSONMember("destination", .string(step.destination.text)), JSONMember("detail", .string(detail)),
      JSONMember("digest", .string(digest)), JSONMember("event", .string(event.rawValue)),
      JSONMember("kind", .string(kind)), JSONMember("part", JSONValue(step.part)),
      JSONMember("rules", .string(rulesVersion)), JSONMember("step", JSONValue(step.step)),
      JSONMember("table", .object(name(step.table))), JSONMember("writer", .string(writer)),
    ]
    func add(_ name: String, _ value: JSONValue?) {
      if let value { members.append(JSONMember(name, value)) }
    }
    add("approver", approver.map { .string($0) })
    add("found", found)
    add("sync", sync.map { .string($0.description) })
    add("token", token.map { JSONValue($0) })
    add("statements", statements.isEmpty ? nil : .array(statements.map { .string($0) }))
    add("inputs", inputs.isEmpty ? nil : .object(inputs.map { JSONMember($0.key, .string($0.value)) }))
    add("judgements", judgements.isEmpty ? nil : .array(judgements.map(judgement)))
    return members
  }

  private func name(_ table: TableName) -> [JSONMember] {
    [JSONMember("name", .string(table.name)), JSONMember("schema", .string(table.schema))]
  }

  /// Who judged, and the answer: a model's words stand in it where a model was asked.
  private func judgement(_ finding: Finding) -> JSONValue {
    [
      "by": .string(finding.judgedBy), "colour": .string(finding.colour.rawValue),
      "finding": .string(finding.fingerprint), "rule": .string(finding.rule), "text": .string(finding.text),
    ]
  }
}
