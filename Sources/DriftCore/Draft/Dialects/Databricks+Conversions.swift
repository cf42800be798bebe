extension Conversions {
  static let databricks = Conversions(
    cast: { value, from, name in
      if name == "VARIANT" {
        return switch from {
        case .json: value
        case .text: "PARSE_JSON(\(value))"
        default: "CAST(\(value) AS VARIANT)"
        }
      }
      if name == "STRING" { return databricksText(value, from) }
      return "CAST(\(from == .json ? databricksText(value, from) : value) AS \(name))"
    },
    tryCast: databricksTryCast,
    jsonField: { value, from, field in
      // The path quotes the field, and has no way to quote a quote.
      if field.contains("\"") { return nil }
      let json = from == .json ? value : "PARSE_JSON(\(value))"
      return "TRY_VARIANT_GET(\(json), '$[\"\(field.dropFirst().dropLast())\"]', 'string')"
    },
    epoch: { value, type in
      let seconds = "CAST(\(value) AS DECIMAL(18,6))"
      return switch type {
      case .timestamp(zoned: true, digits: nil): "TIMESTAMP_MICROS(CAST(\(seconds) * 1000000 AS BIGINT))"
      case .timestamp(zoned: false, digits: nil):
        "(TIMESTAMP_NTZ '1970-01-01 00:00:00' + MAKE_DT_INTERVAL(0, 0, 0, \(seconds)))"
      case .date: "DATE_FROM_UNIX_DATE(CAST(FLOOR(\(seconds) / 86400) AS INT))"
      default: nil
      }
    },
    boolean: { booleanOfWord("LOWER(TRIM(\($0)))") })
}

/// TRY_CAST reads parts of dates and names of zones, so the text is held against a pattern first.
private func databricksTryCast(
  _ value: String, from: ColumnType, to type: ColumnType, name: String
) -> String? {
  let text = "TRIM(\(databricksText(value, from)))"
  func matches(_ pattern: String) -> String { "\(text) RLIKE '^\(pattern)$'" }
  func when(_ pattern: String, _ result: String) -> String {
    "CASE WHEN \(matches(pattern)) THEN \(result) END"
  }
  let clock = "\(datePattern)[ T]\(timePattern)"
  switch type {
  case .text(nil): return databricksText(value, from)
  case .text(let length?):
    let whole = databricksText(value, from)
    return "CASE WHEN CHAR_LENGTH(\(whole)) <= \(length) THEN \(whole) END"
  case .character(let length):
    let whole = databricksText(value, from)
    return length.map { "CASE WHEN CHAR_LENGTH(\(whole)) <= \($0) THEN \(whole) END" }
  case .boolean: return Conversions.databricks.boolean(databricksText(value, from))
  // Text with a fraction is no whole number, so it is rounded on the way.
  case .integer:
    return when(numberPattern, "TRY_CAST(ROUND(TRY_CAST(\(text) AS DECIMAL(38,10))) AS \(name))")
  case .decimal, .float: return when(numberPattern, "TRY_CAST(\(text) AS \(name))")
  case .date: return when(datePattern, "TRY_CAST(\(text) AS DATE)")
  case .timestamp(zoned: false, digits: nil):
    return when("\(datePattern)([ T]\(timePattern))?", "TRY_CAST(\(text) AS TIMESTAMP_NTZ)")
  case .timestamp(zoned: true, digits: nil):
    // Without a zone it is UTC, whatever the session's zone.
    return "CASE WHEN \(matches("\(clock)\(zonePattern)")) THEN TRY_CAST(\(text) AS TIMESTAMP) "
      + "WHEN \(matches(clock)) THEN TRY_CAST(CONCAT(\(text), '+00:00') AS TIMESTAMP) "
      + "WHEN \(matches(datePattern)) THEN TRY_CAST(CONCAT(\(text), ' 00:00:00+00:00') AS TIMESTAMP) END"
  case .json:
    guard case .text = from else { return nil }
    return "TRY_PARSE_JSON(\(value))"
  // There is no question to ask before these casts.
  case .time, .timestamp, .uuid, .xml, .binary, .vector, .array, .map, .structure, .unrecognized: return nil
  }
}

/// A value as text that does not depend on the session's zone: a point in time is written with its offset.
private func databricksText(_ value: String, _ type: ColumnType) -> String {
  switch type {
  case .text: value
  case .timestamp(zoned: true, digits: _): "DATE_FORMAT(\(value), 'yyyy-MM-dd HH:mm:ss.SSSSSSXXX')"
  case .json, .array, .map, .structure: "TO_JSON(\(value))"
  default: "CAST(\(value) AS STRING)"
  }
}

private let numberPattern = "[+-]?([0-9]+([.][0-9]*)?|[.][0-9]+)([eE][+-]?[0-9]{1,3})?"
private let datePattern = "[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])"
private let timePattern = "([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]([.][0-9]{1,6})?"
private let zonePattern = "(Z|[+-](0[0-9]|1[0-4])(:[0-5][0-9])?)"
