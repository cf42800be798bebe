extension Conversions {
  static let snowflake = Conversions(
    cast: { value, from, name in
      guard name == "VARIANT" else { return "CAST(\(value) AS \(name))" }
      return switch from {
      case .json: value
      case .text: "PARSE_JSON(\(value))"
      case .boolean, .integer, .decimal, .float, .date, .time, .timestamp, .character, .uuid, .xml, .binary, .vector,
        .array, .map, .structure, .unrecognized:
        "TO_VARIANT(\(value))"
      }
    },
    tryCast: snowflakeTryCast,
    jsonField: { value, from, field in
      let json = from == .json ? value : "PARSE_JSON(\(value))"
      return "CAST(GET(\(json), \(field)) AS VARCHAR)"
    },
    epoch: { value, type in
      // A whole count of nanoseconds, so that fractions of a second count whatever the type.
      let count = "CAST(CAST(\(value) AS NUMBER(29,9)) * 1000000000 AS NUMBER(38,0)), 9"
      return switch type {
      case .timestamp(zoned: true, digits: nil): "TO_TIMESTAMP_TZ(\(count))"
      case .timestamp(zoned: false, digits: nil): "TO_TIMESTAMP_NTZ(\(count))"
      case .date: "TO_DATE(TO_TIMESTAMP_NTZ(\(count)))"
      case .boolean, .integer, .decimal, .float, .time, .timestamp, .text, .character, .uuid, .json, .xml, .binary,
        .vector, .array, .map, .structure, .unrecognized:
        nil
      }
    },
    boolean: { booleanOfWord("LOWER(TRIM(\($0)))") })
}

/// TRY_CAST takes text only, reads digits as seconds since 1970 and guesses at formats, so the text is held against a
/// pattern first.
///
/// REGEXP_LIKE matches the whole text.
private func snowflakeTryCast(
  _ value: String, from: ColumnType, to type: ColumnType, name: String
) -> String? {
  let text = "TRIM(\(snowflakeText(value, from)))"
  func when(_ pattern: String, _ result: String) -> String {
    "CASE WHEN REGEXP_LIKE(\(text), '\(pattern)') THEN \(result) END"
  }
  let clock = "\(datePattern)[ T]\(timePattern)"
  switch type {
  case .text(nil): return snowflakeText(value, from)
  case .text(let length?):
    let whole = snowflakeText(value, from)
    return "CASE WHEN LENGTH(\(whole)) <= \(length) THEN \(whole) END"
  case .boolean: return Conversions.snowflake.boolean(snowflakeText(value, from))
  case .integer, .decimal, .float: return when(numberPattern, "TRY_CAST(\(text) AS \(name))")
  case .date: return when(datePattern, "TRY_TO_DATE(\(text))")
  case .time: return when(timePattern, "TRY_TO_TIME(\(text))")
  case .timestamp(zoned: false, digits: nil):
    return when("\(datePattern)([ T]\(timePattern))?", "TRY_TO_TIMESTAMP_NTZ(\(text))")
  case .timestamp(zoned: true, digits: nil):
    // Without a zone it is UTC, whatever the session's zone.
    return "CASE WHEN REGEXP_LIKE(\(text), '\(clock) ?\(zonePattern)') THEN TRY_TO_TIMESTAMP_TZ(\(text)) "
      + "WHEN REGEXP_LIKE(\(text), '\(clock)') THEN TRY_TO_TIMESTAMP_TZ(\(text) || '+00:00') "
      + "WHEN REGEXP_LIKE(\(text), '\(datePattern)') THEN TRY_TO_TIMESTAMP_TZ(\(text) || ' 00:00:00+00:00') END"
  case .json:
    guard case .text = from else { return nil }
    return "TRY_PARSE_JSON(\(value))"
  // There is no question to ask before these casts.
  case .timestamp, .character, .uuid, .xml, .binary, .vector, .array, .map, .structure, .unrecognized: return nil
  }
}

/// A value as text that does not depend on the session's output formats.
private func snowflakeText(_ value: String, _ type: ColumnType) -> String {
  let time = "HH24:MI:SS.FF9"
  return switch type {
  case .text: value
  case .date: "TO_VARCHAR(\(value), 'YYYY-MM-DD')"
  case .time: "TO_VARCHAR(\(value), '\(time)')"
  case .timestamp(zoned: false, digits: _): "TO_VARCHAR(\(value), 'YYYY-MM-DD \(time)')"
  case .timestamp(zoned: true, digits: _): "TO_VARCHAR(\(value), 'YYYY-MM-DD \(time)TZH:TZM')"
  case .boolean, .integer, .decimal, .float, .character, .uuid, .json, .xml, .binary, .vector, .array, .map,
    .structure, .unrecognized:
    "TO_VARCHAR(\(value))"
  }
}

private let numberPattern = "[+-]?([0-9]+([.][0-9]*)?|[.][0-9]+)([eE][+-]?[0-9]{1,3})?"
private let datePattern = "[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])"
private let timePattern = "([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9]([.][0-9]{1,9})?)?"
private let zonePattern = "(Z|[+-](0[0-9]|1[0-4])(:?[0-5][0-9])?)"
