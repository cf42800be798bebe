/// What the language model is asked about one table. Every answer is a choice from a list that Mooring made.
package struct Question: Hashable, Sendable {
  /// SHA-256 of the canonical question, model included: the key under which an opinion is kept.
  package var fingerprint: String
  package var connection: ConnectionName
  /// The connector's service, such as `salesforce`.
  package var service: String
  package var table: TableName
  package var items: [Item]

  package init(
    fingerprint: String, connection: ConnectionName, service: String, table: TableName,
    items: [Item]
  ) {
    self.fingerprint = fingerprint
    self.connection = connection
    self.service = service
    self.table = table
    self.items = items
  }

  /// One change. Names in it are data from outside, to be fenced in a prompt.
  package struct Item: Hashable, Sendable {
    /// `c1`, `c2`, ...: what the answer refers to.
    package var id: String
    /// The finding's fingerprint.
    package var finding: String
    package var rule: String
    /// One line, such as `column added: tier_c text`.
    package var fact: String
    package var readers: ReaderEffect
    /// Columns that this one may be a rename of; empty where that is not the question.
    package var renameCandidates: [ColumnName]
    /// Target names to choose from; empty where there is no target.
    package var targetNames: [ColumnName]
    /// Types to choose from, in the destination's spelling.
    package var types: [String]
    /// Names from the closed list of conversions.
    package var conversions: [String]

    package init(
      id: String, finding: String, rule: String, fact: String, readers: ReaderEffect,
      renameCandidates: [ColumnName] = [], targetNames: [ColumnName] = [], types: [String] = [],
      conversions: [String] = []
    ) {
      self.id = id
      self.finding = finding
      self.rule = rule
      self.fact = fact
      self.readers = readers
      self.renameCandidates = renameCandidates
      self.targetNames = targetNames
      self.types = types
      self.conversions = conversions
    }
  }
}

/// The model's answer, already checked against the choices: what it did not answer, or answered outside them, is absent.
package struct Opinion: Hashable, Sendable {
  /// Who answered, as pull requests name it.
  package var model: String
  package var answers: [String: Answer]
  /// Tokens that the answer cost, prompt included; nil where the provider does not say, or the answer was kept.
  package var tokens: Int?

  package init(model: String, answers: [String: Answer], tokens: Int? = nil) {
    self.model = model
    self.answers = answers
    self.tokens = tokens
  }

  package struct Answer: Hashable, Sendable {
    package var readers: ReaderEffect?
    /// One of the candidates; nil is "not a rename" or no opinion.
    package var renameOf: ColumnName?
    package var targetName: ColumnName?
    package var type: String?
    package var conversion: String?
    /// Personal data by name and context.
    package var isSensitive: Bool
    /// For the reviewer. Plain text from outside: escape it.
    package var note: String

    package init(
      readers: ReaderEffect? = nil, renameOf: ColumnName? = nil, targetName: ColumnName? = nil,
      type: String? = nil, conversion: String? = nil, isSensitive: Bool = false, note: String = ""
    ) {
      self.readers = readers
      self.renameOf = renameOf
      self.targetName = targetName
      self.type = type
      self.conversion = conversion
      self.isSensitive = isSensitive
      self.note = note
    }
  }
}
