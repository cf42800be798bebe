/// A type's base name and its parameters, 0 where there is none.
struct SQLType {
  var base: String
  var first = 0
  var second = 0

  init(_ text: String) {
    let parts = text.split { "(,)".contains($0) }.map { $0.filter { $0 != " " } }
    base = parts.first ?? ""
    if parts.count > 1 { first = Int(parts[1]) ?? 0 }
    if parts.count > 2 { second = Int(parts[2]) ?? 0 }
  }
}
