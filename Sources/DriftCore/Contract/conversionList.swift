/// Every word of `convert` with what it does.
package func conversionMeanings() -> [(word: String, meaning: String)] {
  Conversion.words.map { ($0.word, $0.conversion.meaning) } + [("json_field", Conversion.jsonField("").meaning)]
}

/// The same, one a line.
package func listOfConversions() -> String {
  let rows = conversionMeanings()
  let width = (rows.map(\.word.count).max() ?? 0) + 2
  return rows.map { word, meaning in word + String(repeating: " ", count: width - word.count) + meaning }
    .joined(separator: "\n")
}

extension Conversion {
  /// What becomes of a value, and of one that does not fit.
  var meaning: String {
    switch self {
    case .none: "as it is; refused where a value of the landed type might not fit the target's"
    case .cast: "the target's type; a value that does not fit fails the load or the query"
    case .tryCast: "the target's type; a value that does not fit becomes NULL"
    case .jsonField:
      "{json_field: name}: one top-level field of a JSON value, as text, then the target's type; NULL where there is no such field"
    case .trim: "as text without the spaces around it"
    case .lower: "as text in lower case"
    case .upper: "as text in upper case"
    case .epochToTimestamp: "seconds since 1970-01-01 UTC, whole or with a fraction, to a timestamp or date"
    case .booleanFromText:
      "TRUE for true, t, yes, y, 1 and on, FALSE for false, f, no, n, 0 and off, in any case; anything else becomes NULL"
    }
  }
}
