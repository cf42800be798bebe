import DriftCore
import FoundationEssentials
import Glibc

/// Resolves `${NAME}`: from the environment, else from a file of that name in the folder that `MOORING_SECRETS` names.
struct Secrets: Sendable {
  let environment: [String: String]

  init(environment: [String: String] = ProcessInfo.processInfo.environment) {
    self.environment = environment
  }

  /// Replaces every reference in `text`; `place` says in whose name a missing one is reported.
  func resolve(_ text: String, for place: String) throws -> Secret {
    var result = ""
    var rest = text[...]
    while let start = rest.firstRange(of: "${") {
      result += rest[..<start.lowerBound]
      guard let end = rest[start.upperBound...].firstIndex(of: "}") else {
        throw UsageError("\(place): \"${\" without \"}\"")
      }
      result += try value(of: String(rest[start.upperBound..<end]), for: place)
      rest = rest[rest.index(after: end)...]
    }
    return Secret(result + rest)
  }

  /// Whether every reference in `text` has a value. What is set and cannot be read is an error.
  func areSet(in text: String) throws -> Bool {
    var rest = text[...]
    while let start = rest.firstRange(of: "${"), let end = rest[start.upperBound...].firstIndex(of: "}") {
      if try optional(String(rest[start.upperBound..<end])) == nil { return false }
      rest = rest[rest.index(after: end)...]
    }
    return true
  }

  /// The value of a name that may be set nowhere.
  func optional(_ name: String) throws -> Secret? {
    if environment[name] == nil {
      guard let folder = environment["MOORING_SECRETS"], access("\(folder)/\(name)", F_OK) == 0 else { return nil }
    }
    return Secret(try value(of: name, for: name))
  }

  private func value(of name: String, for place: String) throws -> String {
    let isPlain =
      !name.isEmpty
      && name.utf8.allSatisfy { byte in
        (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
          || (0x30...0x39).contains(byte) || byte == 0x5F
      }
    guard isPlain else { throw UsageError("\(place): \"${\(name)}\" is not a plain name") }
    if let value = environment[name] { return value }
    if let folder = environment["MOORING_SECRETS"] {
      return try file("\(folder)/\(name)", for: place)
    }
    throw UsageError(
      "\(place): \(name) is not set",
      hint: "set it in the environment, or put it into a file of that name and name its folder in MOORING_SECRETS")
  }

  /// The text of a file that only its owner may read.
  func file(_ path: String, for place: String) throws -> String {
    var status = stat()
    guard lstat(path, &status) == 0 else {
      throw UsageError("\(place): \(path) is not there and the environment does not set it either")
    }
    guard status.st_mode & S_IFMT == S_IFREG else {
      throw UsageError("\(place): \(path) is not a plain file")
    }
    guard status.st_mode & 0o077 == 0 else {
      throw UsageError("\(place): others may read \(path)", hint: "chmod 600 \(path)")
    }
    guard status.st_size <= 65_536 else { throw UsageError("\(place): \(path) is over 64 KiB") }
    var data = try Data(contentsOf: URL(filePath: path))
    // One end of a line. To a text, CR LF is one character, which ends with neither.
    if data.last == 0x0A { data.removeLast() }
    if data.last == 0x0D { data.removeLast() }
    guard let text = String(data: data, encoding: .utf8) else {
      throw UsageError("\(place): \(path) is not UTF-8")
    }
    guard !text.isEmpty else { throw UsageError("\(place): \(path) is empty") }
    return text
  }
}
