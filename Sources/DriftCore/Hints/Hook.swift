package import JSON

/// A call that says: something happened there. Everything in it is a claim until its proof holds, and a hint after that.
package struct HookRequest: Sendable {
  package struct Header: Hashable, Sendable {
    package var name: String
    package var value: String

    package init(_ name: String, _ value: String) {
      self.name = name
      self.value = value
    }
  }

  package var method: String
  /// `/hooks/github`.
  package var path: String
  package var headers: [Header]
  /// As it arrived: the proof is over these bytes.
  package var body: [UInt8]

  package init(method: String = "POST", path: String, headers: [Header], body: [UInt8]) {
    self.method = method
    self.path = path
    self.headers = headers
    self.body = body
  }

  /// Every value of a header. Names are compared without case.
  package func values(of name: String) -> [String] {
    let name = name.lowercased()
    return headers.filter { $0.name.lowercased() == name }.map(\.value)
  }

  /// The value of a header that is there once.
  package subscript(_ name: String) -> String? {
    let values = values(of: name)
    return values.count == 1 ? values[0] : nil
  }
}

/// What is worth a look. It carries no fact: whoever looks reads everything anew.
package enum Hint: Hashable, Sendable {
  case connection(ConnectionID)
  /// Of the contract repository: the protected one, or one of ours.
  case branch(String)
  /// A box of the dashboard is ticked.
  case dashboard
}

/// What hints may speak of; anything else is dropped.
package struct Watched: Hashable, Sendable {
  package var connections: Set<ConnectionID>
  /// As the forge names it, without regard to case.
  package var repository: String
  package var branch: String

  package init(connections: Set<ConnectionID>, repository: String, branch: String) {
    self.connections = connections
    self.repository = repository
    self.branch = branch
  }

  func contains(_ hint: Hint) -> Bool {
    switch hint {
    case .connection(let id): connections.contains(id)
    case .branch(let name): name == branch || name == refusalsBranch || name.hasPrefix("mooring/")
    case .dashboard: true
    }
  }
}

/// How one product calls.
package struct Hook: Sendable {
  /// What a body speaks of.
  package struct Reading: Hashable, Sendable {
    package var hints: [Hint]
    /// The repository that it is about, for a forge.
    package var repository: String?
    /// Names the occurrence where no header does.
    package var key: String?
    /// When it happened, where the body says.
    package var at: Timestamp?

    package init(hints: [Hint], repository: String? = nil, key: String? = nil, at: Timestamp? = nil) {
      self.hints = hints
      self.repository = repository
      self.key = key
      self.at = at
    }
  }

  /// The last part of its path.
  package var id: String
  /// The first whose header is there decides.
  package var proofs: [HookProof]
  /// Headers that name a delivery, best first. They are not proven.
  package var deliveryHeaders: [String]
  package var largestBody: Int
  /// Nil for an event that is not worth a look.
  package var read: @Sendable (HookRequest, JSONValue) -> Reading?

  package init(
    id: String, proofs: [HookProof], deliveryHeaders: [String] = [], largestBody: Int,
    read: @escaping @Sendable (HookRequest, JSONValue) -> Reading?
  ) {
    self.id = id
    self.proofs = proofs
    self.deliveryHeaders = deliveryHeaders
    self.largestBody = largestBody
    self.read = read
  }

  /// The part of a git reference behind `refs/heads/`; nil for a tag or anything else.
  package static func branch(ofReference reference: String?) -> String? {
    let prefix = "refs/heads/"
    guard let reference, reference.hasPrefix(prefix) else { return nil }
    return String(reference.dropFirst(prefix.count))
  }
}
