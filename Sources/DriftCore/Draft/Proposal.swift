/// One pull request to be: the narrow waist. Nothing after it knows what gave rise to it.
package struct Proposal: Hashable, Sendable {
  package enum Content: Hashable, Sendable {
    /// One table of its own, or green ones together.
    case tables([TableDraft])
    /// `connection.yaml`: nothing runs after the merge.
    case connection(ConnectionDraft)
  }

  package var branch: String
  package var connection: ConnectionName
  package var content: Content
  package var title: String
  /// Markdown.
  package var body: String
  /// Commit message.
  package var message: String

  package init(
    branch: String, connection: ConnectionName, content: Content, title: String, body: String, message: String
  ) {
    self.branch = branch
    self.connection = connection
    self.content = content
    self.title = title
    self.body = body
    self.message = message
  }

  /// None where it is about the connection as a whole.
  package var tables: [TableDraft] {
    switch content {
    case .tables(let tables): tables
    case .connection: []
    }
  }

  package var changes: [ClassifiedChange] {
    switch content {
    case .tables(let tables): tables.flatMap(\.changes)
    case .connection(let draft): draft.changes
    }
  }

  package var edits: [FileEdit] {
    switch content {
    case .tables(let tables): tables.flatMap(\.edits).sorted { $0.path < $1.path }
    case .connection(let draft): [draft.edit]
    }
  }

  package var colour: Colour { changes.map(\.colour).max() ?? .green }
  package var findings: [String] { changes.map(\.fingerprint).sorted() }
  package var reviewers: [String] { Set(tables.compactMap(\.owner)).sorted() }
}
