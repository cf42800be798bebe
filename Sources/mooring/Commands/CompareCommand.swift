import ArgumentParser
import DriftCore
import JSON

struct Compare: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "compare",
    abstract: "Compare two schemas in the neutral JSON form; no repository, no network. Exit 2 on findings.")

  @Argument(help: "Schema before, JSON.")
  var before: String
  @Argument(help: "Schema after, JSON.")
  var after: String
  @Option(help: "Whose SQL and types.")
  var dialect = "postgres"
  @Flag(help: "Print JSON.")
  var json = false
  @Flag(help: "Print what would bring a team-owned table from BEFORE to AFTER under the default policies.")
  var sql = false
  @Flag(help: "Print a Markdown table.")
  var markdown = false

  func validate() throws {
    if [json, sql, markdown].count(where: { $0 }) > 1 {
      throw ValidationError("choose one of --json, --sql and --markdown")
    }
    if Dialect.named(dialect) == nil {
      throw ValidationError(
        "unknown dialect \"\(dialect)\"; known: \(Dialect.all.map(\.id).joined(separator: ", "))")
    }
  }

  func run() throws {
    guard let dialect = Dialect.named(dialect) else { return }
    let old = try schema(before)
    let new = try schema(after, beside: old)
    let comparisons = try compared(old, new, dialect)
    let judged = comparisons.map { comparison in
      JudgedComparison(
        comparison: comparison,
        changes: classify(
          comparison.changes, connection: ConnectionName(comparison.connector),
          context: RuleContext(
            table: comparison.table, service: comparison.service, dialect: dialect, lookAlikes: comparison.lookAlikes),
          policies: Policies()))
    }
    FileHandleOutput.standardOutput(text(of: judged, dialect: dialect))
    if judged.contains(where: { !$0.changes.isEmpty }) { throw ExitCode(2) }
  }

  private func text(of judged: [JudgedComparison], dialect: Dialect) -> String {
    if json { return judgedJSON(judged).canonicalText + "\n" }
    if sql { return judged.map { script(for: $0, dialect: dialect) }.joined() }
    if markdown { return judgedMarkdown(judged) }
    let (console, widths) = (Console(), Widths(judged))
    var text = ""
    for table in judged {
      for change in table.changes {
        text +=
          row(
            connection: table.comparison.connector, table: table.comparison.table, change, widths: widths, on: console)
          + "\n"
      }
    }
    return text.isEmpty ? "no drift\n" : text
  }

  /// Columns are read only where they differ, so what is wrong with one is found here.
  private func compared(_ old: NeutralSchema, _ new: NeutralSchema, _ dialect: Dialect) throws -> [TableComparison] {
    do {
      return try compare(old, new, dialect: dialect, withNames: sql)
    } catch {
      throw UsageError("\(error)", hint: formHint)
    }
  }

  private func schema(_ path: String, beside known: NeutralSchema? = nil) throws -> NeutralSchema {
    guard let bytes = mappedBytes(path) else {
      throw UsageError("\(path): cannot be read", hint: "give the path of a schema in JSON")
    }
    do {
      return try NeutralSchema(bytes, path: path, beside: known)
    } catch {
      throw UsageError("\(path): \(error)", hint: formHint)
    }
  }
}

private let formHint = "the form is described in docs/compare.md"

struct JudgedComparison {
  var comparison: TableComparison
  var changes: [ClassifiedChange]
}

private func judgedJSON(_ judged: [JudgedComparison]) -> JSONValue {
  .array(
    judged.map { table in
      object([
        ("connector", .string(table.comparison.connector)),
        ("schema", .string(table.comparison.table.schema)),
        ("table", .string(table.comparison.table.name)),
        ("changes", .array(table.changes.map(\.json))),
      ])
    })
}

private func judgedMarkdown(_ judged: [JudgedComparison]) -> String {
  var text: Markdown = "| table | column | change | readers | colour |\n|---|---|---|---|---|\n"
  for table in judged {
    for change in table.changes {
      let column: Markdown = change.change.column.map { "\(code: $0.text)" } ?? ""
      text +=
        "| \(code: table.comparison.table.description) | \(column) | \(change.verdict.message) | \(change.verdict.readers.rawValue) | \(change.colour.rawValue) |\n"
    }
  }
  return text.description
}
