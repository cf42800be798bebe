import DriftCore
import TestSupport
import Testing

private let start = Timestamp(iso8601: "2026-11-21T12:00:00Z")!
private let path = "mooring-refusals:crm/crm.account.yaml"

private let refusal = Refusal(
  findings: [Refusal.Finding(fingerprint: "0a1b", words: "tier: a new column")], by: "kim", reason: "we drop it: soon",
  at: start, until: start.adding(seconds: 86_400),
  pullRequest: Refusal.Source(
    branch: "mooring/crm/green", id: "12", location: "https://github.com/acme/contracts/pull/12"))

private func file(_ refusals: [Refusal] = [refusal]) -> RefusalFile {
  RefusalFile(connection: "crm", table: TableName(schema: "crm", name: "account"), refusals: refusals)
}

private func parsed(_ text: String) -> RefusalFile? { parseRefusals(Array(text.utf8), path: path).0 }

private func edited(_ text: String, _ edits: [RefusalEdit]) throws -> String {
  String(decoding: try edit(refusals: Array(text.utf8), path: path, with: edits), as: UTF8.self)
}

/// The files in which people read, write and edit what was refused.
struct RefusalFileTests {
  @Test func aFileReadsBackAsItWasWritten() throws {
    let text = renderRefusals(file([refusal, Refusal(findings: [Refusal.Finding(fingerprint: "ff")])]))
    #expect(parsed(text)?.refusals.count == 2)
    #expect(parsed(text) == file([refusal, Refusal(findings: [Refusal.Finding(fingerprint: "ff")])]))
    try expectGolden(text, "refusals/two.yaml")
  }

  @Test func aHostileReasonIsOneQuotedLine() throws {
    let reason = brief("\"no\n- fingerprint: x\n\u{202E}until: never\u{0}" + String(repeating: "é\n", count: 10_000))
    #expect(reason.unicodeScalars.count == longestReason)
    #expect(!reason.contains("\n"))
    var hostile = refusal
    hostile.reason = reason
    hostile.by = "a: &b {"
    let text = renderRefusals(file([hostile]))
    #expect(parsed(text) == file([hostile]))
    #expect(text.split(separator: "\n").count == renderRefusals(file()).split(separator: "\n").count)
  }

  @Test func whatPeopleWroteStaysByteForByte() throws {
    let text = """
      # ours
      version: 1
      connection: crm
      table: crm.account
      refusals:
      - findings:
        - {fingerprint: "0a", change: 'tier: added'}   # why
        by: 'kim'
      # the end

      """
    let more = try edited(text, [.append(refusal)])
    #expect(parsed(more)?.refusals.count == 2)
    #expect(more.hasPrefix(text.components(before: "# the end")))
    #expect(more.hasSuffix("# the end\n"))
    let ended = try edited(more, [.end(0, at: start), .end(1, at: start)])
    #expect(parsed(ended)?.refusals.map(\.until) == [start, start])
    #expect(ended.contains("# why"))
  }

  @Test(arguments: ["refusals: []\n", "refusals: [] # none\n", "refusals:\n", ""])
  func anEmptyListTakesTheFirstAgain(list: String) throws {
    let text = "version: 1\nconnection: crm\ntable: crm.account\n" + list
    #expect(parsed(text)?.refusals == [])
    #expect(parsed(try edited(text, [.append(refusal)])) == file())
    #expect(parsed(try edited(text, [.append(refusal), .append(refusal)])) == file([refusal, refusal]))
  }

  @Test(arguments: [
    ("until: 2026-12-31", "2026-12-31T00:00:00Z"), ("until: \"2026-12-31T12:00:00+01:00\"", "2026-12-31T11:00:00Z"),
  ])
  func aDayOrAMomentEndsIt(line: String, end: String) throws {
    let text = "version: 1\nconnection: crm\nrefusals:\n  - \(line)\n    findings: [{fingerprint: a}]\n"
    #expect(parsed(text)?.refusals.first?.until == Timestamp(iso8601: end))
  }

  @Test(arguments: [
    ("until: tomorrow", 4, "\"until\" is \"tomorrow\", not a time"),
    ("untill: 2026-12-31", 4, "unknown key \"untill\""),
    ("findings: []", 4, "a refusal lists no finding"),
    ("findings: [{change: x}]", 4, "a finding lacks \"fingerprint\""),
    ("by: [kim]", 4, "\"by\" is a list"), ("pull_request: {id: \"1\"}", 4, "lacks \"branch\""),
    ("\tby: kim", 4, "no value can begin with"),
  ])
  func aMistakeIsToldWithItsPlace(line: String, number: Int, message: String) throws {
    let rest = line.hasPrefix("findings") ? "" : "    findings: [{fingerprint: a}]\n"
    let text = "version: 1\nconnection: crm\nrefusals:\n  - \(line)\n\(rest)"
    let (file, problems) = parseRefusals(Array(text.utf8), path: path)
    #expect(file == nil)
    let problem = try #require(problems.first { $0.message.contains(message) }, "\(problems)")
    #expect("\(problem)".hasPrefix("\(path):\(number):"))
  }

  @Test(arguments: [
    ("14d", "2026-12-05T12:00:00Z"), ("1d", "2026-11-22T12:00:00Z"), ("2026-11-22", "2026-11-22T00:00:00Z"),
    ("2026-11-21T12:00:01Z", "2026-11-21T12:00:01Z"), ("2026-11-21", nil), ("2026-11-21T12:00:00Z", nil), ("0d", nil),
    ("-3d", nil), ("d", nil), ("14", nil), ("soon", nil), ("99999999999999999999d", nil), ("", nil),
  ])
  func anEndLiesInTheFuture(text: String, end: String?) {
    #expect(refusalEnd(text, after: start) == end.flatMap { Timestamp(iso8601: $0) })
  }

  @Test(arguments: [(nil, 0, true), (1, 0, true), (0, 0, false), (-1, 0, false)] as [(Int64?, Int64, Bool)])
  func itCountsBeforeItsEnd(end: Int64?, now: Int64, counts: Bool) {
    var refusal = refusal
    refusal.until = end.map { start.adding(seconds: $0) }
    #expect(refusal.counts(at: start.adding(seconds: now)) == counts)
  }
}

extension String {
  fileprivate func components(before end: String) -> String {
    String(self[..<(firstRange(of: end)?.lowerBound ?? endIndex)])
  }
}
