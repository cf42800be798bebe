import Cryptography
import DriftCore
import JSON

/// Findings as SARIF 2.1.0, one run; columns count characters, as they do everywhere else here.
///
/// Source: OASIS, "Static Analysis Results Interchange Format (SARIF) Version 2.1.0" and its JSON schema.
func sarif(_ findings: [Diagnostic]) -> JSONValue {
  var seen: [String: Int] = [:]
  let results = findings.map { finding in
    let identity = "\(finding.path)\n\(finding.message)"
    seen[identity, default: 0] += 1
    var physical: [(String, JSONValue)] = [("artifactLocation", object([("uri", .string(uri(finding.path)))]))]
    if let line = finding.line {
      var region: [(String, JSONValue)] = [("startLine", .number(String(line)))]
      if let column = finding.column { region.append(("startColumn", .number(String(column)))) }
      physical.append(("region", object(region)))
    }
    return object([
      ("ruleId", .string("mooring/\(finding.check.id)")), ("level", .string(finding.severity.rawValue)),
      ("message", object([("text", .string(visible(finding.message + (finding.hint.map { " (\($0))" } ?? ""))))])),
      ("locations", .array([object([("physicalLocation", object(physical))])])),
      // A finding stays itself where its line moves.
      (
        "partialFingerprints",
        object([("mooring/v1", .string(sha256Hex("\(identity)\n\(seen[identity] ?? 1)")))])
      ),
    ])
  }
  let driver = object([
    ("name", .string("mooring")), ("version", .string(version)),
    (
      "rules",
      .array(
        LintCheck.allCases.map { check in
          object([
            ("id", .string("mooring/\(check.id)")), ("shortDescription", object([("text", .string(check.text))])),
            ("defaultConfiguration", object([("level", .string("error"))])),
          ])
        })
    ),
  ])
  let run = object([
    ("tool", object([("driver", driver)])), ("columnKind", .string("unicodeCodePoints")),
    ("results", .array(results)),
  ])
  return object([
    ("$schema", .string("https://json.schemastore.org/sarif-2.1.0.json")), ("version", .string("2.1.0")),
    ("runs", .array([run])),
  ])
}

/// A path as a relative reference (RFC 3986): everything but unreserved characters and slashes is escaped by bytes.
private func uri(_ path: String) -> String {
  var text = ""
  for byte in path.utf8 {
    switch byte {
    case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: text.unicodeScalars.append(Unicode.Scalar(byte))
    case _ where "-._~/".utf8.contains(byte): text.unicodeScalars.append(Unicode.Scalar(byte))
    default:
      let digits = String(byte, radix: 16, uppercase: true)
      text += "%" + (digits.count == 1 ? "0" : "") + digits
    }
  }
  return text
}
