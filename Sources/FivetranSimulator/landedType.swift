import DriftCore

/// The PostgreSQL type of a Fivetran type, as `format_type` spells it.
///
/// Source: Fivetran documentation on PostgreSQL destinations, data type mapping.
func landedType(of type: String) -> String {
  let base = type.prefix { $0 != "(" }
  let arguments = type.dropFirst(base.count)
  return switch base {
  case "BOOLEAN": "boolean"
  case "SHORT": "smallint"
  case "INT": "integer"
  case "LONG": "bigint"
  case "DECIMAL", "BIGDECIMAL": "numeric\(arguments)"
  case "FLOAT": "real"
  case "DOUBLE": "double precision"
  case "LOCALDATE": "date"
  case "LOCALDATETIME": "timestamp without time zone"
  case "INSTANT": "timestamp with time zone"
  case "JSON": "jsonb"
  case "BINARY": "bytea"
  default: "text"
  }
}

/// The narrowest type that holds both: types only ever widen, and what has nothing in common ends as text.
func superType(_ landed: String, _ arriving: String) -> String {
  if landed == arriving { return landed }
  let (old, new) = (Dialect.postgres.parseType(landed), Dialect.postgres.parseType(arriving))
  if widens(new, to: old) || isEarlier(new, old) { return landed }
  if widens(old, to: new) || isEarlier(old, new) { return arriving }
  if case .decimal(let p?, let s?) = old, case .decimal(let q?, let t?) = new {
    let scale = max(s, t)
    return "numeric(\(max(p - s, q - t) + scale),\(scale))"
  }
  return "text"
}

/// Of the types of time: date, date and time, instant.
private func isEarlier(_ left: ColumnType, _ right: ColumnType) -> Bool {
  guard let left = timeRank(left), let right = timeRank(right) else { return false }
  return left < right
}

private func timeRank(_ type: ColumnType) -> Int? {
  switch type {
  case .date: 0
  case .timestamp(let isZoned, _): isZoned ? 2 : 1
  default: nil
  }
}
