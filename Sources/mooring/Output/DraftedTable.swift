import DriftCore
import JSON

/// What `mooring draft` did about one table.
struct DraftedTable {
  var connection: ConnectionName
  var folder: String
  var written: [String]
  /// What apply will do, in order.
  var steps: [String]
  var notes: [String]
  /// What a person must decide, in words.
  var left: [String]

  var text: String {
    let lines =
      ["\(visible(connection.text))  \(visible(folder))"] + written.map { "  written  \(visible($0))" }
      + steps.enumerated().map { "    \($0 + 1). \(visible($1))" } + notes.map { "  note     \(visible($0))" }
      + left.map { "  left     \(visible($0))" }
    return lines.joined(separator: "\n") + "\n"
  }

  var json: JSONValue {
    func texts(_ texts: [String]) -> JSONValue { .array(texts.map { .string($0) }) }
    return object([
      ("connection", .string(connection.text)), ("folder", .string(folder)), ("written", texts(written)),
      ("steps", texts(steps)), ("notes", texts(notes)), ("left", texts(left)),
    ])
  }
}
