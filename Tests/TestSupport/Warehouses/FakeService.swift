package import JSON

/// What goes wrong with one request to a warehouse's service: one whose statement holds the text.
package struct ServiceFault: Sendable {
  package enum Kind: Sendable {
    /// Answers without doing anything.
    case answer(Int, headers: [String] = [], body: String = "{}")
    /// Closes the connection without doing anything.
    case loseRequest
    /// Does what was asked for and closes the connection.
    case loseAnswer
    /// Does what was asked for and answers this.
    case answerAfter(Int)
    /// Takes the statement and stays at it for so many looks.
    case stayAtIt(Int)
    /// Leaves out the last row.
    case halve
    /// Refuses the token.
    case refuseToken
    /// Does what was asked for, and then ends every statement that still runs.
    case finishOthers
  }

  package var statement: String
  package var kind: Kind
  /// So many such requests are let through before.
  package var letThrough: Int

  package init(_ statement: String, _ kind: Kind, after letThrough: Int = 0) {
    self.statement = statement
    self.kind = kind
    self.letThrough = letThrough
  }
}

extension [ServiceFault] {
  /// Takes the fault that meets a request with this statement.
  mutating func take(_ statement: String) -> ServiceFault.Kind? {
    for index in indices where statement.contains(self[index].statement) || self[index].statement.isEmpty {
      if self[index].letThrough == 0 { return remove(at: index).kind }
      self[index].letThrough -= 1
    }
    return nil
  }
}

/// A statement that was run, as the service remembers it.
package struct RememberedStatement: Sendable {
  package var text: String
  package var tag: String
  package var looksLeft = 0
  package var outcome: Result<MemoryWarehouse.Result, SQLRefusal>
  package var isCancelled = false
}

extension LoopbackServer.Request {
  package var method: String { String(head.prefix { $0 != " " }) }
  package var target: String { String(head.drop { $0 != " " }.dropFirst().prefix { $0 != " " }) }
  package var path: String { String(target.prefix { $0 != "?" }) }
  /// Of the query, percent-encoded as it came.
  package func parameter(_ name: String) -> String? {
    let pairs = target.drop { $0 != "?" }.dropFirst().split(separator: "&")
    return pairs.first { $0.hasPrefix(name + "=") }.map { String($0.dropFirst(name.count + 1)) }
  }
}

extension LoopbackServer.Answer {
  package static func json(_ status: Int, _ value: JSONValue) -> Self {
    .answer(status, ["Content-Type: application/json"], body: value.text)
  }
}
