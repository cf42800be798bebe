import Cryptography
import DriftCore
import Foundation
import JSON
import TestSupport
import Testing

/// What is done to a log, and the line at which it is found; nil: only against a head that was kept.
struct Tampering: Sendable, CustomTestStringConvertible {
  let testDescription: String
  let line: Int?
  let apply: @Sendable (inout [String]) -> Void
}

@Suite struct AuditTests {
  @Test func aLogThatNobodyTouchedIsWhole() {
    let lines = sampleLog()
    let (finding, head) = verifyAudit(bytes(lines.map(\.text)))
    #expect(finding == nil)
    #expect(head == lines.last?.head)
    #expect(verifyAudit([]).finding == nil)
    #expect(verifyAudit(bytes(lines.map(\.text)).dropLast()).finding == nil, "without the last line feed")
  }

  @Test(arguments: tamperings)
  func tamperingIsFoundAtTheFirstLineThatShowsIt(tampering: Tampering) {
    let whole = sampleLog()
    var lines = whole.map(\.text)
    tampering.apply(&lines)
    #expect(lines != whole.map(\.text))
    if let line = tampering.line { #expect(verifyAudit(bytes(lines)).finding?.line == line) }
    #expect(verifyAudit(bytes(lines), kept: whole.last?.hash).finding != nil)
  }

  @Test func aHeadThatWasKeptEarlierIsStillThereAfterTheLogGrew() {
    let lines = sampleLog()
    for line in lines { #expect(verifyAudit(bytes(lines.map(\.text)), kept: line.hash).finding == nil) }
    #expect(verifyAudit(bytes(lines.map(\.text)), kept: String(repeating: "a", count: 64)).finding != nil)
  }

  @Test func everyByteOfALineCounts() {
    let lines = sampleLog().map(\.text)
    let second = Array(lines[1].utf8)
    for index in second.indices {
      var changed = second
      changed[index] ^= 0x01
      let log = bytes([lines[0]]) + changed + [0x0A] + bytes(Array(lines[2...]))
      #expect(verifyAudit(log).finding != nil, "byte \(index)")
    }
  }

  /// What people and other programs read.
  @Test func aLineIsAsItAlwaysWas() throws {
    try expectGolden(sampleLog().map { $0.text + "\n" }.joined(), "audit/log.jsonl")
  }

  /// The form is public: the hash is checked here without the code that makes it.
  @Test func theHashIsThatOfTheLineWithoutItBehindAZeroByte() throws {
    for line in sampleLog() {
      let text = line.text.replacing("\"hash\":\"\(line.hash)\",", with: "")
      #expect(text.utf8.count == line.text.utf8.count - 74)
      #expect(hex(sha256([0] + Array(text.utf8))) == line.hash)
    }
  }

  @Test func whatWasSaidLastOfASubjectIsNotSaidAgain() {
    let held = record(.changeHeld, detail: "not acknowledged")
    let other = record(.changeHeld, detail: "refused")
    func chained(_ records: [AuditRecord], after lines: [AuditLine]) -> [AuditLine] {
      AuditLine.chained(
        records, after: lines.last?.head ?? .empty, gists: Dictionary(lines.map { ($0.subject, $0.gist) }) { $1 },
        at: time)
    }
    var lines = chained([held], after: [])
    #expect(chained([held], after: lines).isEmpty)
    var later = held
    later.writer = "another process"
    later.commit = "another commit"
    #expect(chained([later], after: lines).isEmpty, "whoever says it, and whenever")
    lines += chained([other], after: lines)
    #expect(lines.count == 2)
    #expect(chained([held], after: lines).count == 1, "it is news again")
  }

  @Test func thatAStepTookEffectIsSaidOnceHoweverItWasFoundOut() {
    let done = record(.stepDone, step: 1)
    #expect(done.gist == record(.stepSettled, step: 1).gist)
    #expect(done.gist == record(.stepAdopted, step: 1, detail: "already so").gist)
    #expect(done.subject == record(.stepSettled, step: 1).subject)
    #expect(done.gist != record(.stepIntended, step: 1).gist)
    #expect(done.subject != record(.stepDone, step: 2).subject)
  }

  @Test func theBoundOfABatchIsARowsKeyAndStaysOutOfTheLog() {
    let entry = exampleEntry(part: 3, kind: "backfill", detail: "[\"kim@example.com\",\"500\"]")
    let line = AuditLine(AuditRecord(of: entry), after: .empty, at: time)
    #expect(!line.text.contains("kim@example.com"))
  }

  @Test func aHostileNameIsOneLineOfJSON() throws {
    let table = TableName(schema: "a\"b\n{", name: "x\u{2028}\u{202E}'; --")
    let line = AuditLine(record(.stepDone, table: table, detail: "\r\n\u{7F}"), after: .empty, at: time)
    #expect(!line.text.utf8.contains(0x0A) && !line.text.utf8.contains(0x0D))
    #expect(verifyAudit(bytes([line.text])).finding == nil)
    #expect(try JSONValue.parse(line.text)["table"]?["name"]?.string == table.name)
  }

  static let tamperings: [Tampering] = [
    Tampering(testDescription: "a changed byte", line: 3) {
      $0[2] = $0[2].replacing("add column tier", with: "add column tear")
    },
    Tampering(testDescription: "a changed hash", line: 2) { lines in
      lines[1] = lines[1].replacing(hash(of: lines[1]), with: String(hash(of: lines[1]).reversed()))
    },
    Tampering(testDescription: "the first line removed", line: 1) { $0.removeFirst() },
    Tampering(testDescription: "a line in the middle removed", line: 3) { $0.remove(at: 2) },
    Tampering(testDescription: "the last line removed", line: nil) { $0.removeLast() },
    Tampering(testDescription: "two lines swapped", line: 2) { $0.swapAt(1, 2) },
    Tampering(testDescription: "a line inserted", line: 4) { lines in
      let head = AuditHead(sequence: 2, hash: hash(of: lines[1]))
      lines.insert(AuditLine(record(.changeHeld, detail: "never"), after: head, at: time).text, at: 2)
    },
    Tampering(testDescription: "a line twice", line: 3) { $0.insert($0[1], at: 2) },
    Tampering(testDescription: "lines renumbered after one was removed", line: 3) { lines in
      lines.remove(at: 2)
      for index in 2..<lines.count {
        lines[index] = rehashed(
          lines[index].replacing("\"sequence\":\(index + 2),", with: "\"sequence\":\(index + 1),"))
      }
    },
    Tampering(testDescription: "a line written anew with its hash", line: 4) { lines in
      lines[2] = rehashed(lines[2].replacing("add column tier", with: "drop column tier"))
    },
    Tampering(testDescription: "two logs spliced", line: 4) { lines in
      let other = sampleLog(writer: "another log").map(\.text)
      lines = Array(lines[..<3] + other[3...])
    },
    Tampering(testDescription: "a line cut short", line: 5) { $0[4] = String($0[4].dropLast(10)) },
    Tampering(testDescription: "a foreign key with a hash that fits", line: 5) { lines in
      lines[4] = rehashed(lines[4].replacing("{\"change\"", with: "{\"chancellor\":\"x\",\"change\""))
    },
    Tampering(testDescription: "a key twice", line: 2) { lines in
      lines[1] = rehashed(lines[1].replacing("{\"change\":3", with: "{\"change\":3,\"change\":3"))
    },
    Tampering(testDescription: "spaces", line: 1) { $0[0] = $0[0].replacing("\":", with: "\": ") },
    Tampering(testDescription: "an empty line", line: 2) { $0.insert("", at: 1) },
    Tampering(testDescription: "the last line written anew", line: nil) { lines in
      let last = lines.count - 1
      lines[last] = rehashed(lines[last].replacing("2 steps", with: "3 steps"))
    },
  ]
}

private let time = Timestamp(iso8601: "2026-11-22T01:02:03.000004Z")!

private func bytes(_ lines: [String]) -> [UInt8] { lines.flatMap { Array($0.utf8) + [0x0A] } }

private func hash(of line: String) -> String {
  String(line.components(separatedBy: "\"hash\":\"")[1].prefix(64))
}

/// As somebody would who knows the form.
private func rehashed(_ line: String) -> String {
  let old = hash(of: line)
  let new = hex(sha256([0] + Array(line.replacing("\"hash\":\"\(old)\",", with: "").utf8)))
  return line.replacing(old, with: new)
}

private func record(
  _ event: AuditRecord.Event, step: Int = 0, table: TableName = TableName(schema: "crm", name: "account"),
  detail: String = ""
) -> AuditRecord {
  AuditRecord(
    event,
    step: StepID(destination: "warehouse", connection: "salesforce", table: table, change: 3, step: step),
    kind: step == 0 ? "change" : "ddl", digest: sha256Hex("folder"), commit: String(repeating: "c", count: 40),
    detail: detail)
}

/// A change from its approval to its end.
private func sampleLog(writer: String = "process 7 on host") -> [AuditLine] {
  var approval = record(.approvalJudged, detail: "approved")
  approval.approver = "kim, review of pull request 12"
  var plan = record(.planBegun, detail: "2 steps")
  plan.statements = [sha256Hex("ALTER TABLE analytics.account ADD COLUMN tier text")]
  plan.inputs = ["landing": String(repeating: "b", count: 40), "mapping": String(repeating: "a", count: 40)]
  plan.found = ["target": ["tier": .null], "target_name": "analytics.account"]
  plan.sync = time.adding(seconds: -60)
  plan.judgements = [
    Finding(
      fingerprint: sha256Hex("finding"), rule: "column.added", colour: .green, column: "tier", judgedBy: "rules",
      text: "added, text, nullable; already landed")
  ]
  var step = record(.stepDone, step: 1, detail: "add column tier")
  step.statements = plan.statements
  step.found = plan.found
  step.token = 4
  let verified = record(.stepDone, step: 2, detail: "text")
  let applied = record(.changeApplied, detail: "2 steps")
  let records = [approval, plan, step, verified, applied].map { record in
    var record = record
    record.writer = writer
    return record
  }
  return AuditLine.chained(records, after: .empty, gists: [:], at: time)
}
