extension Conversions {
  static let redshift = Conversions(
    cast: { value, from, name in
      if name == "SUPER" {
        return switch from {
        case .json: value
        case .text: "JSON_PARSE(\(value))"
        default: "CAST(\(value) AS SUPER)"
        }
      }
      // There is no cast of BOOLEAN to text, and that of SUPER takes single values only.
      let isText = name.hasPrefix("VARCHAR") || name.hasPrefix("CHAR")
      let plain = isText || from == .json ? redshiftText(value, from) : value
      return isText && from == .boolean ? plain : "CAST(\(plain) AS \(name))"
    },
    tryCast: redshiftTryCast,
    jsonField: { value, from, field in
      let json = from == .json ? "JSON_SERIALIZE(\(value))" : value
      return "JSON_EXTRACT_PATH_TEXT(\(json), \(field))"
    },
    epoch: { value, type in
      let reading = "(TIMESTAMP 'epoch' + CAST(\(value) AS DOUBLE PRECISION) * INTERVAL '1 second')"
      return switch type {
      case .timestamp(zoned: true, digits: nil): "(\(reading) AT TIME ZONE 'UTC')"
      case .timestamp(zoned: false, digits: nil): reading
      case .date: "CAST(\(reading) AS DATE)"
      default: nil
      }
    },
    boolean: { booleanOfWord("LOWER(TRIM(\($0)))") })
}

/// TRY_CAST guesses at formats, so the text is held against a pattern first.
private func redshiftTryCast(
  _ value: String, from: ColumnType, to type: ColumnType, name: String
) -> String? {
  let text = "TRIM(\(redshiftText(value, from)))"
  func when(_ pattern: String, _ result: String) -> String {
    "CASE WHEN \(text) ~ '^\(pattern)$' THEN \(result) END"
  }
  let clock = "\(datePattern)[ T]\(timePattern)"
  switch type {
  case .text(nil): return redshiftText(value, from)
  case .text(let length?):
    let whole = redshiftText(value, from)
    return "CASE WHEN OCTET_LENGTH(\(whole)) <= \(length) THEN \(whole) END"
  case .character(let length):
    let whole = redshiftText(value, from)
    return
      "CASE WHEN OCTET_LENGTH(\(whole)) <= \(length ?? 4096) AND OCTET_LENGTH(\(whole)) = CHAR_LENGTH(\(whole)) THEN \(whole) END"
  case .boolean: return Conversions.redshift.boolean(redshiftText(value, from))
  // Text with a fraction is no whole number, so it is rounded on the way.
  case .integer:
    return when(numberPattern, "TRY_CAST(ROUND(TRY_CAST(\(text) AS DECIMAL(38,10))) AS \(name))")
  case .decimal: return when(numberPattern, "TRY_CAST(\(text) AS \(name))")
  case .float: return when("\(numberPattern)([eE][+-]?[0-9]+)?", "TRY_CAST(\(text) AS \(name))")
  case .date: return when(datePattern, "TRY_CAST(\(text) AS DATE)")
  case .time: return when(timePattern, "TRY_CAST(\(text) AS TIME)")
  case .timestamp(zoned: false, digits: nil):
    return when("\(datePattern)([ T]\(timePattern))?", "TRY_CAST(\(text) AS TIMESTAMP)")
  case .timestamp(zoned: true, digits: nil):
    // Without a zone it is UTC, whatever the session's zone.
    return "CASE WHEN \(text) ~ '^\(clock)\(zonePattern)$' THEN TRY_CAST(\(text) AS TIMESTAMPTZ) "
      + "WHEN \(text) ~ '^\(datePattern)([ T]\(timePattern))?$' "
      + "THEN TRY_CAST(\(text) AS TIMESTAMP) AT TIME ZONE 'UTC' END"
  case .json:
    guard case .text = from else { return nil }
    return "CASE WHEN CAN_JSON_PARSE(\(value)) THEN JSON_PARSE(\(value)) END"
  // There is no question to ask before these casts.
  case .timestamp, .uuid, .xml, .binary, .vector, .array, .map, .structure, .unrecognized: return nil
  }
}

/// A value as text.
private func redshiftText(_ value: String, _ type: ColumnType) -> String {
  switch type {
  case .text: value
  case .boolean: "CASE WHEN \(value) THEN 'true' WHEN NOT \(value) THEN 'false' END"
  case .json: "JSON_SERIALIZE(\(value))"
  default: "CAST(\(value) AS VARCHAR(65535))"
  }
}

private let numberPattern = "[+-]?([0-9]+([.][0-9]*)?|[.][0-9]+)"
private let datePattern = "[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])"
private let timePattern = "([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]([.][0-9]{1,6})?"
private let zonePattern = "(Z|[+-](0[0-9]|1[0-4])(:[0-5][0-9])?)"
