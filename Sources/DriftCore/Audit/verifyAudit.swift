import JSON

/// The first thing that is wrong with an audit log.
package struct AuditFinding: Error, Hashable, Sendable, CustomStringConvertible {
  /// From 1, as the lines lie in the file; nil where it is about the log as a whole.
  package var line: Int?
  package var reason: String

  package var description: String { (line.map { "line \($0): " } ?? "") + reason }
}

/// Holds the lines of an audit log against each other, from the first one to the last.
///
/// What it proves is that nothing was changed, left out, added or moved since the last line was written. That lines were
/// cut off at the end, or the whole log written anew, only shows against a head that was kept elsewhere.
package struct AuditVerifier: Sendable {
  package private(set) var head = AuditHead.empty
  /// Hashes that are to occur.
  private var missing: Set<String>

  /// - Parameter kept: a hash that a whole log has, from an earlier export.
  package init(kept: String? = nil) { missing = Set([kept].compactMap { $0 }) }

  /// - Parameter line: the next one, without its line feed.
  package mutating func take(_ line: [UInt8]) throws(AuditFinding) {
    let number = head.sequence + 1
    func broken(_ reason: String) -> AuditFinding { AuditFinding(line: number, reason: reason) }
    let value: JSONValue
    do {
      value = try JSONValue.parse(line)
    } catch {
      throw broken("it is not a whole line of JSON: \(error)")
    }
    guard let members = value.members, Array(value.canonicalText.utf8) == line else {
      throw broken("it is not written as Mooring writes a line")
    }
    if let key = members.first(where: { !auditKeys.contains($0.name) })?.name {
      throw broken("it has the key \"\(key.prefix(40))\", which Mooring does not write")
    }
    guard value["form"]?.int == auditForm else {
      throw broken("it is not in form \(auditForm), the one that this version reads")
    }
    guard let sequence = value["sequence"]?.int, let previous = value["previous"]?.string,
      let hash = value["hash"]?.string
    else { throw broken("it lacks its number, its hash or the hash before") }
    guard auditHash(of: members.filter { $0.name != "hash" }) == hash else {
      throw broken("its hash is not that of its content: one of the two was changed")
    }
    guard sequence == number else {
      throw broken(
        sequence > number
          ? "it has number \(sequence) where \(number) is due: lines are missing, or not in their order"
          : "it has number \(sequence) where \(number) is due: it is there twice, or not in its place")
    }
    guard previous == head.hash else {
      throw broken(
        "it does not follow the line before it: one of the two was written anew, or they are of different logs")
    }
    head = AuditHead(sequence: sequence, hash: hash)
    missing.remove(hash)
  }

  /// After the last line.
  package func end() throws(AuditFinding) {
    if let hash = missing.first {
      throw AuditFinding(
        line: nil,
        reason: "no line has the hash \(hash): lines were cut off at the end, or it is another log; the last is "
          + "\(head.sequence) with \(head.hash)")
    }
  }
}

/// Nil where the log is whole. A last line without its line feed is a line.
package func verifyAudit(_ log: [UInt8], kept: String? = nil) -> (finding: AuditFinding?, head: AuditHead) {
  var verifier = AuditVerifier(kept: kept)
  do {
    var lines = log.split(separator: 0x0A, omittingEmptySubsequences: false)
    if lines.last?.isEmpty == true { lines.removeLast() }
    for line in lines { try verifier.take(Array(line)) }
    try verifier.end()
    return (nil, verifier.head)
  } catch {
    return (error, verifier.head)
  }
}
