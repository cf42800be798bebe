package import DriftCore
import JSON

/// What `mooring-git` is asked to do: one line of JSON on its standard input.
package struct TransportRequest: Sendable {
  package enum Work: Hashable, Sendable {
    /// Asks for the branches alone.
    case list
    /// Brings the objects and branches of the remote into the folder, and forgets branches that are gone.
    case fetch
    case push([RefUpdate])
  }

  package var work: Work
  /// A bare repository, opened under the caller's lock.
  package var folder: String
  package var url: String
  /// The protected branch. Branches of ours are looked at as well.
  package var branch: String
  /// Whole seconds, at least one.
  package var deadline: Int
  package var user: String
  package var token: Secret?
  package var keyPath: String?
  package var passphrase: Secret?
  package var certificates: String?
  package var proxy: ProxyAddress?

  package init(_ work: Work, folder: String, url: String, branch: String, access: RemoteAccess) {
    self.work = work
    self.folder = folder
    self.url = url
    self.branch = branch
    deadline = max(1, Int(access.deadline.components.seconds))
    user = access.user
    token = access.token
    keyPath = access.key?.path
    passphrase = access.key?.passphrase
    certificates = access.certificates
    proxy = access.proxy
  }

  /// One line without its line feed. It holds the secrets.
  package var line: String {
    var fields: [JSONMember] = [
      JSONMember("work", .string(work.name)), JSONMember("folder", .string(folder)),
      JSONMember("url", .string(url)), JSONMember("branch", .string(branch)),
      JSONMember("deadline", JSONValue(deadline)), JSONMember("user", .string(user)),
    ]
    let optional = [
      ("token", token?.reveal()), ("key", keyPath), ("passphrase", passphrase?.reveal()),
      ("certificates", certificates), ("proxy", proxy?.text.reveal()),
    ]
    for (name, value) in optional {
      if let value { fields.append(JSONMember(name, .string(value))) }
    }
    if case .push(let updates) = work {
      let list = updates.map { update -> JSONValue in
        var members = [JSONMember("branch", .string(update.branch))]
        if let expected = update.expected { members.append(JSONMember("expected", .string(expected.text))) }
        if let target = update.target { members.append(JSONMember("target", .string(target.text))) }
        return .object(members)
      }
      fields.append(JSONMember("updates", .array(list)))
    }
    return JSONValue.object(fields).text
  }

  /// Reads a request; nil for anything that `line` does not write.
  package init?(line: [UInt8]) {
    guard let root = try? JSONValue.parse(line), let members = root.members,
      members.allSatisfy({ Self.names.contains($0.name) }),
      let name = root["work"]?.string, let folder = root["folder"]?.string,
      let url = root["url"]?.string, let branch = root["branch"]?.string, let user = root["user"]?.string,
      let deadline = root["deadline"]?.int, deadline > 0, deadline < 1 << 20
    else { return nil }
    switch name {
    case "list": work = .list
    case "fetch": work = .fetch
    case "push":
      guard let list = root["updates"]?.array else { return nil }
      var updates: [RefUpdate] = []
      for item in list {
        guard let branch = item["branch"]?.string, (try? checkBranchName(branch)) != nil else { return nil }
        updates.append(
          RefUpdate(
            branch: branch, expected: (item["expected"]?.string).map { CommitID($0) },
            target: (item["target"]?.string).map { CommitID($0) }))
      }
      work = .push(updates)
    default: return nil
    }
    self.folder = folder
    self.url = url
    self.branch = branch
    self.user = user
    self.deadline = deadline
    token = (root["token"]?.string).map { Secret($0) }
    keyPath = root["key"]?.string
    passphrase = (root["passphrase"]?.string).map { Secret($0) }
    certificates = root["certificates"]?.string
    if let text = root["proxy"]?.string {
      guard let address = ProxyAddress(Secret(text)) else { return nil }
      proxy = address
    }
  }

  private static let names: Set<String> = [
    "work", "folder", "url", "branch", "deadline", "user", "token", "key", "passphrase", "certificates",
    "proxy", "updates",
  ]
}

extension TransportRequest.Work {
  fileprivate var name: String {
    switch self {
    case .list: "list"
    case .fetch: "fetch"
    case .push: "push"
    }
  }
}
