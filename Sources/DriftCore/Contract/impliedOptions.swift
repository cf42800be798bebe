/// The `logicalTypeOptions` that a physical type says as well, by key: of `VARCHAR(18)` that `maxLength` is 18.
///
/// Words that mean different things to different warehouses, such as `INT` and `FLOAT`, say nothing.
func impliedOptions(of physicalType: String) -> [String: String] {
  guard let type = TypeText(physicalType), let numbers = type.parameters else { return [:] }
  if let length = numbers.first, numbers.count == 1, texts.contains(type.base) { return ["maxLength": "\(length)"] }
  if let format = formats[type.base] { return ["format": format] }
  return zones[type.base].map { ["timezone": "\($0)"] } ?? [:]
}

private let texts: Set<String> = [
  "bpchar", "char", "char varying", "character", "character varying", "nchar", "nvarchar", "string", "text", "varchar",
]

private let formats = [
  "smallint": "i16", "int2": "i16", "bigint": "i64", "int8": "i64", "int64": "i64", "real": "f32", "float4": "f32",
  "double": "f64", "double precision": "f64", "float8": "f64", "float64": "f64",
]

private let zones = [
  "timestamptz": true, "timestamp with time zone": true, "timestamp_tz": true, "timestamp_ltz": true,
  "timestamp without time zone": false, "timestamp_ntz": false, "datetime": false,
]
