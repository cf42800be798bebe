import Foundation
import JSON

/// What a forge documents of the requests that Mooring sends: a table for each forge, which its fake holds every request against.
package struct ForgeDocumentation: Sendable {
  /// What a parameter of the query or a field of the body may hold.
  package indirect enum Form: Sendable {
    case text, number, truth, object
    /// One of these texts.
    case one(of: [String])
    case list(Form)
    case either(Form, Form)
    /// A request without it is refused.
    case required(Form)

    static let texts = Form.list(.text)
    static let numbers = Form.list(.number)
  }

  package struct Request: Sendable {
    /// `POST`, and the path below the API, where a part in braces stands for any one part, and `{...}` at the end for any number.
    var method: String
    var path: [String]
    var query: [String: Form]
    var fields: [String: Form]

    init(_ line: String, query: [String: Form] = [:], fields: [String: Form] = [:]) {
      let words = line.split(separator: " ")
      method = String(words[0])
      path = words[1].split(separator: "/").map(String.init)
      self.query = query
      self.fields = fields
    }
  }

  /// Paths under which the API lies, the longest first.
  var bases: [String]
  /// Name in lower case, how its value begins, and whether that is all of it.
  var headers: [(name: String, value: String, isWhole: Bool)]
  var requests: [Request]

  /// What a request has that is not documented, and what it lacks.
  package func problems(with request: LoopbackServer.Request) -> [String] {
    let line = request.head.prefix { $0 != "\r\n" }.split(separator: " ").map(String.init)
    guard line.count == 3 else { return ["no request"] }
    let found = headerProblems(request) + requestProblems(line[0], line[1], request.body)
    return found.map { "\(line[0]) \(line[1].prefix { $0 != "?" }): \($0)" }
  }

  private func headerProblems(_ request: LoopbackServer.Request) -> [String] {
    var found: [String] = []
    for header in headers + [("user-agent", "", false)] {
      let value = request.header(header.name)
      let fits = header.isWhole ? value == header.value : value.map { $0.hasPrefix(header.value) && $0 != header.value }
      if fits != true { found.append("header \(header.name) is \(value == nil ? "missing" : "another")") }
    }
    let type = request.header("content-type")
    if request.body.isEmpty ? type != nil : type != "application/json" {
      found.append("header content-type is \(type ?? "missing")")
    }
    return found
  }

  private func requestProblems(_ method: String, _ target: String, _ body: [UInt8]) -> [String] {
    let halves = target.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
    guard let documented = documented(method, String(halves[0])) else { return ["it is not documented"] }
    var found: [String] = []
    var parameters: [JSONMember] = []
    for pair in halves.count > 1 ? halves[1].split(separator: "&", omittingEmptySubsequences: false) : [] {
      let sides = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      guard sides.count == 2, let name = String(sides[0]).removingPercentEncoding,
        let value = String(sides[1]).removingPercentEncoding
      else {
        found.append("the query cannot be read")
        continue
      }
      parameters.append(JSONMember(name, .string(value)))
    }
    found += problems("parameter", parameters, documented.query, isQuery: true)
    if body.isEmpty { return found + problems("field", [], documented.fields, isQuery: false) }
    guard let fields = (try? JSONValue.parse(body))?.members else { return found + ["the body is no object"] }
    return found + problems("field", fields, documented.fields, isQuery: false)
  }

  private func documented(_ method: String, _ path: String) -> Request? {
    guard let base = bases.first(where: { path.hasPrefix($0 + "/") }) else { return nil }
    let parts = path.dropFirst(base.count).split(separator: "/", omittingEmptySubsequences: false).dropFirst()
    return requests.first { request in
      guard request.method == method else { return false }
      let isOpen = request.path.last == "{...}"
      let known = isOpen ? request.path.dropLast() : request.path[...]
      return (isOpen ? parts.count > known.count : parts.count == known.count)
        && zip(known, parts).allSatisfy { $0 == $1 || $0.hasPrefix("{") && !$1.isEmpty }
    }
  }

  private func problems(
    _ kind: String, _ given: [JSONMember], _ documented: [String: Form], isQuery: Bool
  ) -> [String] {
    var found: [String] = []
    for member in given {
      guard let form = documented[member.name] else {
        found.append("\(kind) \(member.name) is not documented")
        continue
      }
      if !form.takes(member.value, isQuery: isQuery) { found.append("\(kind) \(member.name) is \(member.value.text)") }
    }
    for (name, form) in documented.sorted(by: { $0.key < $1.key }) {
      if case .required = form, !given.contains(where: { $0.name == name }) {
        found.append("\(kind) \(name) is missing")
      }
    }
    return found
  }
}

extension ForgeDocumentation.Form {
  /// - Parameter isQuery: whether it stands in a URL, where everything is a text.
  func takes(_ value: JSONValue, isQuery: Bool) -> Bool {
    switch self {
    case .text: value.string != nil
    case .number: isQuery ? value.string.flatMap { Int($0) } != nil : value.int != nil
    case .truth: isQuery ? ["true", "false"].contains(value.string) : value.bool != nil
    case .object: value.members != nil
    case .one(let names): value.string.map(names.contains) == true
    case .list(let form):
      isQuery ? form.takes(value, isQuery: true) : value.array?.allSatisfy { form.takes($0, isQuery: false) } == true
    case .either(let one, let other): one.takes(value, isQuery: isQuery) || other.takes(value, isQuery: isQuery)
    case .required(let form): form.takes(value, isQuery: isQuery)
    }
  }
}
