extension Conversions {
  static let postgres = Conversions(
    cast: { value, from, name in
      // Of json and jsonb, which are one type here, only jsonb is cast to a number or a boolean.
      let isPlain = from != .json || ["text", "jsonb"].contains(name)
      return "CAST(\(isPlain ? value : "\(value)::jsonb") AS \(name))"
    },
    casts: postgresCasts,
    tryCast: postgresTryCast,
    jsonField: { value, _, field in "(\(value)::jsonb ->> \(field))" },
    epoch: { value, type in
      let instant = "to_timestamp(\(value)::double precision)"
      return switch type {
      case .timestamp(zoned: true, digits: nil): instant
      case .timestamp(zoned: false, digits: nil): "(\(instant) AT TIME ZONE 'UTC')"
      case .date: "(\(instant) AT TIME ZONE 'UTC')::date"
      case .boolean, .integer, .decimal, .float, .time, .timestamp, .text, .character, .uuid, .json, .xml,
        .binary, .vector, .array, .map, .structure, .unrecognized:
        nil
      }
    },
    boolean: { booleanOfWord("lower(btrim(\($0)))") })
}

/// The casts of `pg_cast`, and those by way of text, which every type has to text and from it.
private func postgresCasts(_ from: ColumnType, to: ColumnType) -> Bool {
  switch (from.family, to.family) {
  case (.text, _), (_, .text), (.character, _), (_, .character), (.unrecognized, _): true
  case (.boolean, .integer): to == .integer(bits: 32)
  case (.integer, .decimal), (.integer, .float), (.decimal, .integer), (.decimal, .float), (.float, .integer),
    (.float, .decimal), (.json, .boolean), (.json, .integer), (.json, .decimal), (.json, .float), (.date, .timestamp),
    (.date, .instant), (.timestamp, .date), (.timestamp, .time), (.timestamp, .instant), (.instant, .date),
    (.instant, .time), (.instant, .timestamp):
    true
  default: from.family == to.family
  }
}

/// PostgreSQL 15 cannot ask whether a cast would succeed, so the text is held against a pattern, then against the bounds.
///
/// CASE is nested because AND gives no order of evaluation.
private func postgresTryCast(
  _ value: String, from: ColumnType, to type: ColumnType, name: String
) -> String? {
  let text = "btrim(\(value)::text)"
  func when(_ condition: String, _ result: String) -> String {
    "CASE WHEN \(condition) THEN \(result) END"
  }
  func number(_ condition: String, _ result: String) -> String {
    when("\(text) ~ '\(numberPattern)'", when(condition, result))
  }
  let numeric = "\(text)::numeric"
  // A CASE has no bound, whatever its results have, and a view's column would be of another type than the mapping says.
  func bounded(_ result: String) -> String { "CAST(\(result) AS \(name))" }
  switch type {
  case .text(nil): return "\(value)::text"
  case .text(let length?):
    return bounded(when("char_length((\(value))::text) <= \(length)", "\(value)::text"))
  case .character(nil): return "CAST(\(value)::text AS \(name))"
  case .character(let length?):
    return bounded(when("char_length((\(value))::text) <= \(length)", "\(value)::text"))
  case .boolean: return Conversions.postgres.boolean("\(value)::text")
  case .integer(let bits):
    guard let (low, high) = integerBounds[bits] else { return nil }
    return number("round(\(numeric)) BETWEEN \(low) AND \(high)", "round(\(numeric))::\(name)")
  case .decimal(nil, _): return when("\(text) ~ '\(numberPattern)'", numeric)
  case .decimal(let precision?, let scale):
    let scale = scale ?? 0
    return bounded(number("abs(round(\(numeric), \(scale))) < 1e\(precision - scale)", numeric))
  case .float(let bits):
    let (low, high) = bits == 32 ? ("1e-37", "3e38") : ("1e-307", "1e308")
    return number("\(numeric) = 0 OR abs(\(numeric)) BETWEEN \(low) AND \(high)", "\(text)::\(name)")
  case .date: return when("\(text) ~ '^\(datePattern)$'", when(dayExists(text), "\(text)::date"))
  case .time: return when("\(text) ~ '^\(timePattern)$'", "\(text)::time")
  case .timestamp(zoned: false, digits: nil):
    return when(
      "\(text) ~ '^\(datePattern)([ T]\(timePattern))?$'", when(dayExists(text), "\(text)::timestamp"))
  case .timestamp(zoned: true, digits: nil):
    // Without a zone it is UTC, whatever the session's zone.
    return when(
      "\(text) ~ '^\(datePattern)([ T]\(timePattern) ?\(zonePattern)?)?$'",
      when(
        dayExists(text),
        "CASE WHEN \(text) ~ '[ T].*\(zonePattern)$' THEN \(text)::timestamptz "
          + "ELSE \(text)::timestamp AT TIME ZONE 'UTC' END"))
  case .uuid:
    return when(
      "\(text) ~ '^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$'", "\(text)::uuid")
  // There is no question to ask before these casts.
  case .timestamp, .json, .xml, .binary, .vector, .array, .map, .structure, .unrecognized: return nil
  }
}

private let integerBounds: [Int: (String, String)] = [
  16: ("-32768", "32767"),
  32: ("-2147483648", "2147483647"),
  64: ("-9223372036854775808", "9223372036854775807"),
]
private let numberPattern =
  "^[+-]?([0-9]{1,200}([.][0-9]{0,200})?|[.][0-9]{1,200})([eE][+-]?[0-9]{1,3})?$"
private let datePattern = "(?!0000)[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])"
private let timePattern = "([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9]([.][0-9]{1,9})?)?"
private let zonePattern = "(Z|[+-](0[0-9]|1[0-4])(:?[0-5][0-9])?)"

/// 30 February has the right form and no such day.
private func dayExists(_ text: String) -> String {
  let month = "(substr(\(text), 1, 8) || '01')::date"
  return "substr(\(text), 9, 2)::integer <= "
    + "extract(day FROM \(month) + interval '1 month' - interval '1 day')"
}
