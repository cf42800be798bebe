extension Conversions {
  static let bigQuery = Conversions(
    cast: { value, from, name in
      if name == "JSON" {
        return switch from {
        case .json: value
        case .text: "PARSE_JSON(\(value))"
        case .boolean, .integer, .decimal, .float, .date, .time, .timestamp, .character, .uuid, .xml, .binary,
          .vector, .array, .map, .structure, .unrecognized:
          "TO_JSON(\(value))"
        }
      }
      let text = name == "STRING" || from == .json
      let plain = text ? bigQueryText(value, from) : value
      return name == "STRING" ? plain : "CAST(\(plain) AS \(name))"
    },
    casts: bigQueryCasts,
    tryCast: bigQueryTryCast,
    jsonField: { value, from, field in
      // The path quotes the field, and has no way to quote a quote that needs no backslash.
      if field.contains("\"") { return nil }
      let json = from == .json ? value : "PARSE_JSON(\(value))"
      let path = "'$.\"\(field.dropFirst().dropLast())\"'"
      return "COALESCE(JSON_VALUE(\(json), \(path)), "
        + "NULLIF(TO_JSON_STRING(JSON_QUERY(\(json), \(path))), 'null'))"
    },
    epoch: { value, type in
      let instant = "TIMESTAMP_MICROS(CAST(CAST(\(value) AS NUMERIC) * 1000000 AS INT64))"
      return switch type {
      case .timestamp(zoned: true, digits: nil): instant
      case .timestamp(zoned: false, digits: nil): "DATETIME(\(instant), 'UTC')"
      case .date: "DATE(\(instant), 'UTC')"
      case .boolean, .integer, .decimal, .float, .time, .timestamp, .text, .character, .uuid, .json, .xml, .binary,
        .vector, .array, .map, .structure, .unrecognized:
        nil
      }
    },
    boolean: { booleanOfWord("LOWER(TRIM(\($0)))") })
}

/// JSON is read by way of its text, and everything can be written as JSON.
///
/// Source: BigQuery documentation, "Conversion functions", CAST.
private func bigQueryCasts(_ from: ColumnType, to: ColumnType) -> Bool {
  switch (from.family, to.family) {
  case (.text, _), (_, .text), (.json, _), (_, .json), (.unrecognized, _), (.boolean, .integer), (.integer, .boolean),
    (.integer, .decimal), (.integer, .float), (.decimal, .integer), (.decimal, .float), (.float, .integer),
    (.float, .decimal), (.date, .timestamp), (.date, .instant), (.timestamp, .date), (.timestamp, .time),
    (.timestamp, .instant), (.instant, .date), (.instant, .time), (.instant, .timestamp):
    true
  default: from.family == to.family
  }
}

/// SAFE_CAST reads hexadecimal, infinities and names of zones, so the text is held against a pattern first.
private func bigQueryTryCast(
  _ value: String, from: ColumnType, to type: ColumnType, name: String
) -> String? {
  let text = "TRIM(\(bigQueryText(value, from)))"
  func matches(_ pattern: String) -> String { "REGEXP_CONTAINS(\(text), '^\(pattern)$')" }
  func when(_ pattern: String, _ result: String) -> String {
    "CASE WHEN \(matches(pattern)) THEN \(result) END"
  }
  let clock = "\(datePattern)[ T]\(timePattern)"
  switch type {
  case .text(nil): return bigQueryText(value, from)
  case .text(let length?):
    let whole = bigQueryText(value, from)
    return "CASE WHEN CHAR_LENGTH(\(whole)) <= \(length) THEN \(whole) END"
  case .boolean: return Conversions.bigQuery.boolean(bigQueryText(value, from))
  // Text with a fraction is no INT64, so it is rounded on the way.
  case .integer:
    return when(numberPattern, "SAFE_CAST(SAFE_CAST(\(text) AS BIGNUMERIC) AS \(name))")
  case .decimal, .float: return when(numberPattern, "SAFE_CAST(\(text) AS \(name))")
  case .date: return when(datePattern, "SAFE_CAST(\(text) AS DATE)")
  case .time: return when(timePattern, "SAFE_CAST(\(text) AS TIME)")
  case .timestamp(zoned: false, digits: nil):
    return when("\(datePattern)([ T]\(timePattern))?", "SAFE_CAST(\(text) AS DATETIME)")
  case .timestamp(zoned: true, digits: nil):
    // Without a zone it is UTC, whatever the session's zone.
    return "CASE WHEN \(matches("\(clock)\(zonePattern)")) THEN SAFE_CAST(\(text) AS TIMESTAMP) "
      + "WHEN \(matches(clock)) THEN SAFE_CAST(CONCAT(\(text), '+00:00') AS TIMESTAMP) "
      + "WHEN \(matches(datePattern)) THEN SAFE_CAST(CONCAT(\(text), ' 00:00:00+00:00') AS TIMESTAMP) END"
  case .json:
    guard case .text = from else { return nil }
    return "SAFE.PARSE_JSON(\(value))"
  // There is no question to ask before these casts.
  case .timestamp, .character, .uuid, .xml, .binary, .vector, .array, .map, .structure, .unrecognized: return nil
  }
}

/// A value as text. JSON has no cast, and its NULL would become the word.
private func bigQueryText(_ value: String, _ type: ColumnType) -> String {
  switch type {
  case .text: value
  case .json: "CASE WHEN \(value) IS NOT NULL THEN TO_JSON_STRING(\(value)) END"
  case .boolean, .integer, .decimal, .float, .date, .time, .timestamp, .character, .uuid, .xml, .binary, .vector,
    .array, .map, .structure, .unrecognized:
    "CAST(\(value) AS STRING)"
  }
}

private let numberPattern = "[+-]?([0-9]+([.][0-9]*)?|[.][0-9]+)([eE][+-]?[0-9]{1,3})?"
private let datePattern = "[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])"
private let timePattern = "([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]([.][0-9]{1,6})?"
private let zonePattern = "(Z|[+-](0[0-9]|1[0-4])(:[0-5][0-9])?)"
