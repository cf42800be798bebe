/// One pull request to be: the narrow waist. Nothing after it knows what gave rise to it.
package struct Proposal: Hashable, Sendable {
  package var branch: String
  package var connection: ConnectionName
  package var tables: [TableDraft]
  package var title: String
  /// Markdown.
  package var body: String
  /// Commit message.
  package var message: String

  package init(
    branch: String, connection: ConnectionName, tables: [TableDraft], title: String, body: String,
    message: String
  ) {
    self.branch = branch
    self.connection = connection
    self.tables = tables
    self.title = title
    self.body = body
    self.message = message
  }

  package var colour: Colour { tables.map(\.colour).max() ?? .green }
  package var findings: [String] { tables.flatMap(\.findings).sorted() }
  package var edits: [FileEdit] { tables.flatMap(\.edits).sorted { $0.path < $1.path } }
  package var reviewers: [String] { Set(tables.compactMap(\.owner)).sorted() }
}
