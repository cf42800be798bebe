import Cryptography
import DriftCore
import FoundationEssentials
import Glibc
import JSON

/// What the last lint of a folder found, kept under the digest of all that was read: an editor asks again and again.
///
/// A cache: whatever cannot be read, written or understood counts as not there.
struct LintMemory {
  private let file: String
  private let key: String

  init?(of files: [String: [UInt8]], in folder: String) {
    let environment = ProcessInfo.processInfo.environment
    let home = environment["HOME"].map { $0 + "/.cache" }
    guard let base = environment["XDG_CACHE_HOME"].flatMap({ $0.hasPrefix("/") ? $0 : nil }) ?? home,
      let program = programIdentity()
    else { return nil }
    file = "\(base)/mooring/lint-\(sha256Hex(absolutePath(folder)).prefix(16)).json"
    var text = Array("\(program)\n\(folder)\n".utf8)
    for path in files.keys.sorted() {
      text += Array(path.utf8) + [0] + sha256(files[path] ?? [])
    }
    key = hex(sha256(text))
  }

  func findings() -> [Diagnostic]? {
    guard let bytes = fileBytes(file, atMost: 64 << 20), let kept = try? JSONValue.parse(bytes),
      kept["key"] == .string(key), case .array(let items)? = kept["findings"]
    else { return nil }
    let findings = items.compactMap(Diagnostic.init)
    return findings.count == items.count ? findings : nil
  }

  func keep(_ findings: [Diagnostic]) {
    let kept = object([("key", .string(key)), ("findings", .array(findings.map(\.json)))])
    // A folder that cannot be written costs time, nothing else.
    try? writeFile(Array(kept.text.utf8), to: file)
  }
}

/// Another build may find other things.
private func programIdentity() -> String? {
  var status = stat()
  guard stat("/proc/self/exe", &status) == 0 else { return nil }
  let modified = withUnsafeBytes(of: status.st_mtim) { hex(Array($0)) }
  return "\(version) \(status.st_size) \(modified) \(status.st_ino)"
}

extension Diagnostic {
  var json: JSONValue {
    object([
      ("path", .string(path)), ("line", line.map { .number(String($0)) } ?? .null),
      ("column", column.map { .number(String($0)) } ?? .null),
      ("severity", .string(severity.rawValue)), ("check", .string(check.id)), ("message", .string(message)),
      ("hint", hint.map { .string($0) } ?? .null),
    ])
  }

  /// Reads what `json` writes.
  fileprivate init?(_ json: JSONValue) {
    guard case .string(let path)? = json["path"], case .string(let message)? = json["message"],
      case .string(let word)? = json["severity"], let severity = Severity(rawValue: word)
    else { return nil }
    func number(_ name: String) -> Int? {
      if case .number(let text)? = json[name] { Int(text) } else { nil }
    }
    var hint: String?
    if case .string(let text)? = json["hint"] { hint = text }
    self.init(
      path: path, line: number("line"), column: number("column"), severity: severity, message: message, hint: hint,
      check: json["check"]?.string.flatMap { LintCheck(rawValue: $0) })
  }
}
