package import DriftCore
import JSON

/// What `mooring-git` says when it is done: one line of JSON on its standard output.
package enum TransportAnswer: Hashable, Sendable {
  /// The protected branch and ours, as the remote announced them, and a few other branches.
  case branches([String: CommitID], others: [String])
  /// One outcome for each update, in order.
  case outcomes([RefOutcome])
  case failure(TransportFailure)
}

/// Why a call to the remote came to nothing.
package struct TransportFailure: Error, Hashable, Sendable {
  package enum Kind: String, Hashable, Sendable, CaseIterable {
    case unauthorized, forbidden, notFound, redirected, hostKey, key, unreachable, unusable, request
    /// The certificate is signed by nobody who is trusted.
    case authority
    /// It is over, or not yet valid.
    case certificateTime
    /// It is another host's.
    case certificateHost
    /// It is refused for something else.
    case certificate
    /// The server speaks no TLS that we do.
    case tls
    /// The proxy wants a user and a password, or others.
    case proxyCredentials
    /// It opens no connection to the host, or does not answer as one.
    case proxy
    /// The server answered with an HTTP status that says nothing more.
    case answered
    /// The connection ended in the middle.
    case lost
    /// Anything else that libgit2 says.
    case library
  }

  package var kind: Kind
  /// In ours, the libraries' or the server's words, without control characters.
  package var text: String
  /// The HTTP status, where there was one.
  package var status: Int?
  /// Whether updates had been sent, so that branches may have moved.
  package var isSent: Bool

  package init(_ kind: Kind, _ text: String, status: Int? = nil, isSent: Bool = false) {
    self.kind = kind
    self.text = text
    self.status = status
    self.isSent = isSent
  }
}

extension TransportAnswer {
  package var line: String {
    switch self {
    case .branches(let tips, let others):
      let members = tips.sorted { $0.key < $1.key }.map { JSONMember($0.key, .string($0.value.text)) }
      return JSONValue.object([
        JSONMember("tips", .object(members)), JSONMember("others", .array(others.map { .string($0) })),
      ]).text
    case .outcomes(let outcomes):
      return JSONValue.object([JSONMember("outcomes", .array(outcomes.map(\.json)))]).text
    case .failure(let failure):
      var members = [
        JSONMember("failure", .string(failure.kind.rawValue)), JSONMember("text", .string(failure.text)),
        JSONMember("sent", .bool(failure.isSent)),
      ]
      if let status = failure.status { members.append(JSONMember("status", JSONValue(status))) }
      return JSONValue.object(members).text
    }
  }

  /// Reads an answer; nil for anything that `line` does not write.
  package init?(line: [UInt8]) {
    guard let root = try? JSONValue.parse(line) else { return nil }
    if let name = root["failure"]?.string {
      guard let kind = TransportFailure.Kind(rawValue: name), let text = root["text"]?.string,
        let isSent = root["sent"]?.bool
      else { return nil }
      self = .failure(TransportFailure(kind, text, status: root["status"]?.int, isSent: isSent))
    } else if let list = root["outcomes"]?.array {
      let outcomes = list.compactMap { RefOutcome($0) }
      guard outcomes.count == list.count else { return nil }
      self = .outcomes(outcomes)
    } else {
      guard let members = root["tips"]?.members, let others = root["others"]?.array else { return nil }
      var tips: [String: CommitID] = [:]
      for member in members {
        guard let text = member.value.string, isObjectID(text) else { return nil }
        tips[member.name] = CommitID(text)
      }
      self = .branches(tips, others: others.compactMap(\.string))
    }
  }
}

private func isObjectID(_ text: String) -> Bool {
  text.utf8.count == 40
    && text.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }
}

extension RefOutcome {
  fileprivate var json: JSONValue {
    switch self {
    case .updated: ["outcome": "updated"]
    case .leaseLost(let found): ["outcome": "lease", "found": found.map { .string($0.text) } ?? .null]
    case .refused(let text): ["outcome": "refused", "text": .string(text)]
    }
  }

  fileprivate init?(_ json: JSONValue) {
    switch json["outcome"]?.string {
    case "updated": self = .updated
    case "lease": self = .leaseLost(found: (json["found"]?.string).map { CommitID($0) })
    case "refused":
      guard let text = json["text"]?.string else { return nil }
      self = .refused(text)
    default: return nil
    }
  }
}
