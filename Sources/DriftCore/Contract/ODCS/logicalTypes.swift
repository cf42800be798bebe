/// Which options go with which logical type, and which logical type with which physical one.
extension YAMLDecoder {
  mutating func checkTypes(_ node: YAMLNode, _ version: ODCSVersion) {
    let logical = node.value("logicalType")
    if let options = node.value("logicalTypeOptions") {
      if let type = logical?.text {
        checkOptions(options, of: type, version)
      } else {
        // The schema's rules by type have no condition on the key itself: without it all of them hold at once.
        error(options, "logicalTypeOptions without logicalType", hint: "write both or neither")
      }
    } else if let logical, logical.text == "vector" {
      error(logical, "a vector lacks \"logicalTypeOptions\"", hint: "add logicalTypeOptions: {dimensions: N}")
    }
    checkNesting(node, logical, version)
    guard let logical, let text = logical.text, let physical = node.value("physicalType")?.text,
      let family = logicalFamily(of: physical)
    else { return }
    let fitting = family.compactMap(version.logicalType)
    if let first = fitting.first, !fitting.contains(text) {
      warn(
        logical, "logicalType \"\(text)\" contradicts physicalType \"\(physical)\"",
        hint: "the physical type counts; write \"\(first)\"")
    }
  }

  private mutating func checkNesting(_ node: YAMLNode, _ logical: YAMLNode?, _ version: ODCSVersion) {
    for (key, type) in [("properties", "object"), ("items", "array"), ("map", "map")] {
      guard let inner = node.value(key) else {
        if key == "map", let logical, logical.text == type {
          error(logical, "a map lacks \"map\"", hint: "add map: {key: ..., value: ...}")
        }
        continue
      }
      if let text = logical?.text {
        if text == type { continue }
        error(inner, "\"\(key)\" does not go with logicalType \"\(text)\"", hint: "write logicalType: \(type)")
      } else if key == "map" {
        error(inner, "\"map\" without logicalType", hint: "write logicalType: map")
      }
    }
  }

  private mutating func checkOptions(_ options: YAMLNode, of type: String, _ version: ODCSVersion) {
    guard let keys = optionKeys[type], options.entries != nil else { return }
    check(options, ODCSShape("the options of \(type)", closedSince: .v300, keys), version)
  }
}

private typealias Key = ODCSShape.Key

/// By logical type. Bounds were switches before v3.1.0.
private let optionKeys: [String: [Key]] = {
  func bounds(_ value: ODCSShape.Value) -> [Key] {
    [
      Key("minimum", value), Key("maximum", value),
      Key("exclusiveMinimum", .changed(in: .v310, from: .boolean, to: value)),
      Key("exclusiveMaximum", .changed(in: .v310, from: .boolean, to: value)),
    ]
  }
  let instants =
    [Key("format", .text), Key("timezone", .boolean), Key("defaultTimezone", .text)] + bounds(.text)
  let multiple = Key("multipleOf", .factor)
  return [
    "string": [Key("minLength", .count), Key("maxLength", .count), Key("pattern", .text), Key("format", .text)],
    "date": [Key("format", .text)] + bounds(.text), "timestamp": instants, "time": instants,
    "integer": bounds(.number) + [
      multiple, Key("format", .word(["i8", "i16", "i32", "i64", "i128", "u8", "u16", "u32", "u64", "u128"])),
    ],
    "number": bounds(.number) + [multiple, Key("format", .word(["f32", "f64"]))],
    "object": [
      Key("minProperties", .count), Key("maxProperties", .count),
      Key("required", .list(.text, atLeast: 1, isSet: true)),
    ],
    "array": [Key("minItems", .count), Key("maxItems", .count), Key("uniqueItems", .boolean)],
    "vector": [
      Key("dimensions", .position, .required),
      Key("elementType", .word(["bfloat16", "binary", "float16", "float32", "float64", "int8", "uint8"])),
      Key("distanceMetric", .word(["cosine", "dotProduct", "euclidean", "hamming", "manhattan"])),
      Key("embeddingModel", .text), Key("embeddingModelVersion", .text), Key("normalized", .boolean),
    ],
  ]
}()

/// The logical types that fit a physical one, best first; nil where the spelling alone does not tell.
func logicalFamily(of physicalType: String) -> [String]? {
  let base = physicalType.prefix { $0 != "(" && $0 != " " && $0 != "_" }.lowercased()
  // Digits behind the point are no integer's.
  if ["numeric", "decimal", "number"].contains(base), let scale = TypeText(physicalType)?.parameters?.dropFirst().first,
    scale > 0
  {
    return ["number"]
  }
  return families[base]
}

private let families: [String: [String]] = [
  "varchar": ["string"], "char": ["string"], "text": ["string"], "string": ["string"],
  "boolean": ["boolean"], "bool": ["boolean"],
  "smallint": ["integer", "number"], "integer": ["integer", "number"], "int": ["integer", "number"],
  "bigint": ["integer", "number"], "int64": ["integer", "number"],
  "numeric": ["number", "integer"], "decimal": ["number", "integer"], "number": ["number", "integer"],
  "real": ["number"], "double": ["number"], "float": ["number"], "float64": ["number"],
  "date": ["date"], "timestamp": ["timestamp"], "timestamptz": ["timestamp"],
  "datetime": ["timestamp"], "uuid": ["string"],
]
