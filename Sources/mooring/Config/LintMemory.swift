import Cryptography
import DriftCore
import FoundationEssentials
import Glibc
import JSON

/// What the last lint of a contracts folder found, a unit at a time, kept under the digest of what each was judged from:
/// an editor asks again and again, and one file has changed.
///
/// A cache: whatever cannot be read, written or understood, comes from another build, or is not as it was written, counts
/// as not there.
struct LintMemory {
  private let file: String
  private let program: String
  /// By path.
  private var units: [String: Kept] = [:]

  private struct Kept {
    var key: String
    var unit: LintedUnit
  }

  /// - Parameter root: the contracts folder as its files' paths spell it, which findings repeat.
  init?(of root: String) {
    let environment = ProcessInfo.processInfo.environment
    let home = environment["HOME"].map { $0 + "/.cache" }
    guard let base = environment["XDG_CACHE_HOME"].flatMap({ $0.hasPrefix("/") ? $0 : nil }) ?? home,
      let program = programIdentity()
    else { return nil }
    self.program = program
    file = "\(base)/mooring/lint-\(sha256Hex("\(absolutePath(root))\n\(root)").prefix(16)).json"
    units = kept() ?? [:]
  }

  /// Nil where the unit was not judged yet, or from other bytes.
  func known(_ unit: LintUnit) -> LintedUnit? {
    guard let kept = units[unit.path], kept.key == unit.key else { return nil }
    return kept.unit
  }

  /// Whether there is nothing in here beside so many units that were asked for.
  func holdsOnly(_ count: Int) -> Bool { units.count == count }

  /// - Parameter replacing: whether these are all that there are.
  mutating func keep(_ judged: some Sequence<(LintUnit, LintedUnit)>, replacing: Bool) {
    if replacing { units = [:] }
    for (unit, linted) in judged { units[unit.path] = Kept(key: unit.key, unit: linted) }
    let items = units.sorted { $0.key < $1.key }.map { _, kept in
      object([("key", .string(kept.key)), ("unit", kept.unit.json)])
    }
    let text = object([("program", .string(program)), ("units", .array(items))]).text
    // A folder that cannot be written costs time, nothing else.
    try? writeFile(Array("\(sha256Hex(text))\n\(text)".utf8), to: file)
  }

  /// The digest of the rest stands on the first line.
  private func kept() -> [String: Kept]? {
    guard let bytes = fileBytes(file, atMost: 64 << 20), let end = bytes.firstIndex(of: 0x0A),
      hex(sha256(Array(bytes[(end + 1)...]))).utf8.elementsEqual(bytes[..<end]),
      let json = try? JSONValue.parse(Array(bytes[(end + 1)...])), json["program"] == .string(program),
      case .array(let items)? = json["units"]
    else { return nil }
    var units: [String: Kept] = [:]
    for item in items {
      guard case .string(let key)? = item["key"], let unit = item["unit"].flatMap(LintedUnit.init) else { return nil }
      units[unit.path] = Kept(key: key, unit: unit)
    }
    return units
  }
}

extension LintUnit {
  /// The digest of all that judging it depends on, but for the program.
  fileprivate var key: String {
    var text = Array("\(path)\n\(dialect?.id ?? "")\n".utf8)
    for (path, bytes) in files.sorted(by: { $0.key < $1.key }) { text += Array(path.utf8) + [0] + sha256(bytes) }
    return hex(sha256(text))
  }
}

/// Another build may find other things.
private func programIdentity() -> String? {
  var status = stat()
  guard stat("/proc/self/exe", &status) == 0 else { return nil }
  let modified = withUnsafeBytes(of: status.st_mtim) { hex(Array($0)) }
  return "\(version) \(status.st_size) \(modified) \(status.st_ino)"
}
