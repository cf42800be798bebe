import Cryptography
import JSON

extension Mapping {
  /// Identifies what the mapping renders to: 16 hexadecimal digits over rows, target and columns. Whose job loads the
  /// target, and who owns it, is no part of it.
  package var digest: String {
    let columns = columns.map { column in
      JSONValue.array([
        .array(column.sources.map { .string($0.text) }), .string(column.target.text), .string(column.type),
        .string(column.conversion.yaml), .bool(column.isKey),
      ])
    }
    let parts = [
      source.schema, source.name, target.table.schema, target.table.name, target.kind.rawValue,
      rows.deleted.rawValue, rows.history.rawValue,
    ]
    return String(sha256Hex(JSONValue.array(parts.map { .string($0) } + columns).canonicalText).prefix(16))
  }
}

/// The first words of every `load.sql`; the digest of the mapping that it was rendered from follows.
let loadHeading = "-- Rendered by Mooring from mapping.yaml "

extension Mapping {
  /// Whether a `load.sql` says what the mapping says: rendered from it, or edited to the same statements. One whose heading
  /// does not tell what it was rendered from is taken at its word.
  package func isRendered(in load: [UInt8], from landed: ObservedTable, dialect: Dialect) -> Bool {
    isRendered(in: load) {
      try [dialect.loadSQL(self, landed: landedTypes(of: landed), systemColumns: landed.systemColumns)]
    }
  }

  /// - Parameter renderings: what it may be; asked for only where the heading tells of another mapping.
  func isRendered(in load: [UInt8], as renderings: () throws -> [String]) -> Bool {
    guard let rendered = renderedDigest(of: load), rendered != digest else { return true }
    return (try? renderings())?.contains { withoutHeading(Array($0.utf8)) == withoutHeading(load) } ?? false
  }
}

/// The digest in the heading of a `load.sql`; nil where there is none.
private func renderedDigest(of load: [UInt8]) -> String? {
  guard load.starts(with: loadHeading.utf8) else { return nil }
  let digest = load.dropFirst(loadHeading.utf8.count).prefix { isHexDigit($0) }
  return digest.count == 16 ? String(decoding: digest, as: UTF8.self) : nil
}

/// Without the first line, which only says what it was rendered from.
func withoutHeading(_ load: [UInt8]) -> ArraySlice<UInt8> { load.drop { $0 != UInt8(ascii: "\n") } }

private func isHexDigit(_ byte: UInt8) -> Bool {
  (0x30...0x39).contains(byte) || (0x61...0x66).contains(byte)
}
