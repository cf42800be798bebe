import DriftCore

/// A contract as some person may have typed it: every mapping and list in a style of its own, comments and empty lines
/// anywhere, quotes of every kind.
struct Handwriting {
  private let random: SeededRandom
  /// Blanks a level, and before the dash of an item.
  private let step: Int
  private let dash: Int

  init(_ random: SeededRandom) {
    self.random = random
    step = random.pick([2, 2, 4, 3])
    dash = random.chance(50) ? step : 0
  }

  indirect enum Value {
    case text(String)
    case verbatim(String)
    case list([Value])
    case map([(String, Value)])
  }

  /// A contract of some columns, with what refers to them.
  func contract(_ columns: [(name: String, type: String)]) -> String {
    func column(_ index: Int) -> Value {
      var keys: [(String, Value)] = [
        ("name", .text(columns[index].name)), ("physicalType", .text(columns[index].type)),
        ("id", .text("col_\(index)")),
      ]
      if random.chance(40) { keys.append(("description", .text(random.plainWords()))) }
      if random.chance(30) { keys.append(("required", .verbatim(random.pick(["true", "false"])))) }
      if random.chance(40) {
        keys.append(("logicalType", .text("string")))
        keys.append(("logicalTypeOptions", .map([("maxLength", .verbatim("18"))])))
      }
      if random.chance(40) {
        keys.append(
          (
            "customProperties",
            .list([
              .map([
                ("property", .text("sourceColumn")), ("vendor", .text("fivetran")),
                ("value", .text(random.plainWords())),
              ])
            ])
          ))
      }
      return .map(keys)
    }
    let references = columns.map {
      Value.map([
        ("property", .text("frequency")), ("value", .verbatim("15")), ("element", .text("account.\($0.name)")),
      ])
    }
    let table: [(String, Value)] = [
      ("name", .text("account")), ("id", .text("tbl_account")), ("properties", .list(columns.indices.map(column))),
    ]
    let server: [(String, Value)] = [("server", .text("w")), ("type", .text("custom")), ("schema", .text("s"))]
    let root: [(String, Value)] = [
      ("apiVersion", .text("v3.2.0")), ("kind", .text("DataContract")), ("id", .text("accounts")),
      ("version", .text("1.4.0")), ("status", .text("active")), ("servers", .list([.map(server)])),
      ("schema", .list([.map(table)])), ("slaProperties", .list(references)),
    ]
    var lines = random.chance(30) ? ["# \(random.plainWords())", ""] : []
    lines += block(.map(root), indent: 0, mayFlow: false)
    if random.chance(30) { lines += ["", "# the end"] }
    let newline = random.chance(25) ? "\r\n" : "\n"
    return (random.chance(15) ? "\u{FEFF}" : "") + lines.joined(separator: newline) + (random.chance(80) ? newline : "")
  }

  private func block(_ value: Value, indent: Int, mayFlow: Bool = true) -> [String] {
    let blanks = String(repeating: " ", count: indent)
    switch value {
    case .text, .verbatim: return [blanks + flow(value)]
    case .map(let entries):
      return entries.flatMap { entry in above(blanks) + lines(of: entry, indent: indent, mayFlow: mayFlow) }
    case .list(let items):
      return items.flatMap { item in
        let gap = 1 + Int(random.next() % 3)
        if case .map = item, !random.chance(30) {
          var inner = block(item, indent: indent + 1 + gap)
          let comments = inner.prefix { $0.isEmpty || $0.drop { $0 == " " }.first == "#" }
          inner.removeFirst(comments.count)
          inner[0] = blanks + "-" + inner[0].dropFirst(indent + 1)
          return Array(comments) + inner
        }
        return above(blanks) + [blanks + "-" + String(repeating: " ", count: gap) + flow(item) + beside()]
      }
    }
  }

  private func lines(of entry: (String, Value), indent: Int, mayFlow: Bool) -> [String] {
    let key = String(repeating: " ", count: indent) + entry.0 + ":"
    switch entry.1 {
    case .text, .verbatim:
      return [key + String(repeating: " ", count: 1 + Int(random.next() % 3)) + flow(entry.1) + beside()]
    case .list(let items) where items.isEmpty || (mayFlow && random.chance(25)):
      return [key + " " + flow(entry.1) + beside()]
    case .map where mayFlow && random.chance(40): return [key + " " + flow(entry.1) + beside()]
    case .list: return [key + beside()] + block(entry.1, indent: indent + dash)
    case .map: return [key + beside()] + block(entry.1, indent: indent + step)
    }
  }

  private func flow(_ value: Value) -> String {
    switch value {
    case .text(let text):
      let isPlain = text.utf8.allSatisfy { (0x61...0x7A).contains($0) || $0 == 0x5F || (0x30...0x39).contains($0) }
      return switch random.next() % 3 {
      case 0 where isPlain || text == "1.4.0" || text == "v3.2.0": text
      case 1 where !text.contains("'"): "'\(text)'"
      default: "\"\(text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\""))\""
      }
    case .verbatim(let text): return text
    case .list(let items): return "[" + items.map(flow).joined(separator: random.pick([", ", ",", " , "])) + "]"
    case .map(let entries):
      return "{" + entries.map { "\($0.0): \(flow($0.1))" }.joined(separator: random.pick([", ", " , "])) + "}"
    }
  }

  private func above(_ blanks: String) -> [String] {
    (random.chance(8) ? [""] : []) + (random.chance(10) ? ["\(blanks)# \(random.plainWords())"] : [])
  }

  private func beside() -> String { random.chance(10) ? "   # \(random.plainWords())" : "" }
}

extension SeededRandom {
  func handwritten() -> [(name: String, type: String)] {
    (0...Int(next() % 4)).map { index in
      (
        pick(["id", "tier_c", "Répliqué", "no", "a b", "x'y", "😀"]) + "\(index)",
        pick(["text", "varchar(18)", "jsonb"])
      )
    }
  }

  func plainWords() -> String { pick(["a remark", "it's 'so'", "Größe 😀", "#1: first", "x"]) }
}
