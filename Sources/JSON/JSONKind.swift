package enum JSONKind: Hashable, Sendable {
  case null, bool, number, string, array, object

  /// With its article, for messages.
  package var words: String {
    switch self {
    case .null: "null"
    case .bool: "true or false"
    case .number: "a number"
    case .string: "a string"
    case .array: "an array"
    case .object: "an object"
    }
  }
}

/// A string or key where it stands in the document, without its quotes.
package struct JSONText: Hashable, Sendable {
  package var range: Range<Int>
  package var hasEscapes: Bool
}
