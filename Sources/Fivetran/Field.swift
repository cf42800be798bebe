import DriftCore
import JSON

/// A value of an answer, and where it stands, so that what does not fit can be named.
struct Field {
  var value: JSONValue
  var path: String

  /// Nil where it is missing or null.
  subscript(_ name: String) -> Field? {
    guard let member = value[name], !member.isNull else { return nil }
    return Field(value: member, path: path.isEmpty ? name : "\(path).\(name)")
  }

  func required(_ name: String) throws(UnreadableBody) -> Field {
    guard let field = self[name] else {
      throw UnreadableBody(path.isEmpty ? "\(name) is missing" : "\(path).\(name) is missing")
    }
    return field
  }

  func string() throws(UnreadableBody) -> String {
    guard let string = value.string else { throw isNot("a string") }
    return string
  }

  func bool() throws(UnreadableBody) -> Bool {
    guard let bool = value.bool else { throw isNot("true or false") }
    return bool
  }

  func object() throws(UnreadableBody) -> Field {
    guard value.members != nil else { throw isNot("an object") }
    return self
  }

  func elements() throws(UnreadableBody) -> [Field] {
    guard let array = value.array else { throw isNot("an array") }
    return array.enumerated().map { Field(value: $1, path: "\(path)[\($0)]") }
  }

  func timestamp() throws(UnreadableBody) -> Timestamp {
    guard let timestamp = Timestamp(iso8601: try string()) else {
      throw isNot("a time in ISO 8601")
    }
    return timestamp
  }

  private func isNot(_ words: String) -> UnreadableBody {
    UnreadableBody("\(path) should be \(words)")
  }
}

/// An answer that does not have the promised shape.
struct UnreadableBody: Error {
  var reason: String

  init(_ reason: String) { self.reason = reason }
}
