import ArgumentParser
import DriftCore
import Glibc
import JSON

struct AuditVerify: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify",
    abstract: "Check an exported audit log: no repository, no network.",
    discussion: """
      Exit 0: whole; 2: broken, with the first line that is; 1: cannot be read. Without --head nobody can tell whether \
      lines were cut off at the end.
      """)

  @Argument(help: "The exported log; - reads standard input.")
  var file: String
  @Option(help: "The hash that an earlier export ended with: a whole log has it.")
  var head: String?
  @Flag(help: "Print JSON.")
  var json = false

  func run() throws {
    var verifier = AuditVerifier(kept: head)
    var finding: AuditFinding?
    do {
      try forEachLine(of: file) { line throws(AuditFinding) in try verifier.take(line) }
      try verifier.end()
    } catch let found as AuditFinding {
      finding = found
    }
    print(json ? document(verifier.head, finding).prettyText : sentence(verifier.head, finding))
    if finding != nil { throw ExitCode(2) }
  }

  private func sentence(_ end: AuditHead, _ finding: AuditFinding?) -> String {
    if let finding { return visible("broken: \(finding)") }
    if end == .empty { return "whole: no line" }
    let tail = head == nil ? "; whether lines were cut off at the end, only --head can tell" : ""
    return "whole: \(counted(end.sequence, "line")), the last has the hash \(end.hash)\(tail)"
  }

  private func document(_ end: AuditHead, _ finding: AuditFinding?) -> JSONValue {
    [
      "whole": .bool(finding == nil), "lines": JSONValue(end.sequence), "head": .string(end.hash),
      "finding": finding.map { ["line": $0.line.map { JSONValue($0) } ?? .null, "reason": .string($0.reason)] }
        ?? .null,
    ]
  }
}

/// Hands over each line of a file, or of standard input for `-`, without its line feed, and without holding more than one.
private func forEachLine(of path: String, _ body: ([UInt8]) throws -> Void) throws {
  let descriptor = path == "-" ? 0 : open(path, O_RDONLY | O_CLOEXEC)
  guard descriptor >= 0 else {
    throw UsageError("\(visible(path)) cannot be read: \(String(cString: strerror(errno)))")
  }
  defer { if descriptor != 0 { close(descriptor) } }
  var buffer = [UInt8](repeating: 0, count: 1 << 16)
  var line: [UInt8] = []
  while true {
    let count = read(descriptor, &buffer, buffer.count)
    if count < 0, errno == EINTR { continue }
    guard count >= 0 else { throw UsageError("\(visible(path)) cannot be read: \(String(cString: strerror(errno)))") }
    if count == 0 { break }
    var rest = buffer[..<count]
    while let end = rest.firstIndex(of: 0x0A) {
      try body(line + rest[..<end])
      line = []
      rest = rest[(end + 1)...]
    }
    line += rest
    guard line.count <= maximumLine else { throw UsageError("\(visible(path)) is no audit log: a line has no end") }
  }
  if !line.isEmpty { try body(line) }
}

private let maximumLine = 64 << 20
