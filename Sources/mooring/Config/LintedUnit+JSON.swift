import DriftCore
import JSON

extension LintedUnit {
  var json: JSONValue {
    var members: [(String, JSONValue)] = [("path", .string(path)), ("findings", .array(findings.map(\.json)))]
    if let promise {
      members.append(("contract", .string(promise.path)))
      members.append(("schema", .string(promise.table.schema)))
      members.append(("table", .string(promise.table.name)))
      if let handling = promise.handling {
        members += [
          ("handling", .string(handling.value.rawValue)), ("line", number(handling.line)),
          ("column", number(handling.column)),
        ]
      }
    } else if let handling {
      members.append(("handling", .string(handling.rawValue)))
    }
    return object(members)
  }

  /// Reads what `json` writes.
  init?(_ json: JSONValue) {
    guard let path = json.text("path"), case .array(let items)? = json["findings"] else { return nil }
    let findings = items.compactMap(Diagnostic.init)
    if findings.count != items.count { return nil }
    self.init(path: path, findings: findings)
    let handling = json.text("handling").flatMap(ChangeHandling.init)
    guard let contract = json.text("contract") else {
      self.handling = handling
      return
    }
    guard let schema = json.text("schema"), let table = json.text("table") else { return nil }
    promise = Promise(
      path: contract, table: TableName(schema: schema, name: table),
      handling: handling.map { Handling(value: $0, line: json.count("line"), column: json.count("column")) })
  }
}

extension Diagnostic {
  var json: JSONValue {
    object([
      ("path", .string(path)), ("line", number(line)), ("column", number(column)),
      ("severity", .string(severity.rawValue)), ("check", .string(check.id)), ("message", .string(message)),
      ("hint", hint.map { .string($0) } ?? .null),
    ])
  }

  /// Reads what `json` writes.
  fileprivate init?(_ json: JSONValue) {
    guard let path = json.text("path"), let message = json.text("message"),
      let severity = json.text("severity").flatMap(Severity.init)
    else { return nil }
    self.init(
      path: path, line: json.count("line"), column: json.count("column"), severity: severity, message: message,
      hint: json.text("hint"), check: json.text("check").flatMap(LintCheck.init))
  }
}

private func number(_ count: Int?) -> JSONValue { count.map { .number(String($0)) } ?? .null }

extension JSONValue {
  fileprivate func text(_ name: String) -> String? {
    if case .string(let text)? = self[name] { text } else { nil }
  }

  fileprivate func count(_ name: String) -> Int? {
    if case .number(let text)? = self[name] { Int(text) } else { nil }
  }
}
