import DriftCore
import JSON
import Synchronization
import Transport

extension GiteaAPI {
  /// Who we are, asked at most once a run.
  func account(_ activity: String) async throws -> GiteaAccount {
    if let known = memory.withLock({ $0.account }) { return known }
    if let kept = await kept.read() { return kept }
    return try await askAccount(activity)
  }

  /// Pull requests and issues that our account opened, open, closed and merged.
  ///
  /// They are listed by our login. Where the one that was kept finds nothing of ours, it may have been changed since.
  func items(_ activity: String) async throws -> (me: GiteaAccount, nodes: [JSONValue]) {
    let me = try await account(activity)
    let nodes = try await items(of: me, activity)
    if nodes.contains(where: me.wrote) || memory.withLock({ $0.account }) == me { return (me, nodes) }
    let now = try await askAccount(activity)
    return (now, now == me ? nodes : try await items(of: now, activity))
  }

  /// None where there is no such login.
  private func items(of me: GiteaAccount, _ activity: String) async throws -> [JSONValue] {
    do {
      return try await client.list(
        "\(rest.path)/issues?state=all&created_by=\(percentEncoded(me.login))&limit=50", activity)
    } catch let error as ForgeError where error.code == .noAccess && memory.withLock({ $0.account }) != me {
      return []
    }
  }

  private func askAccount(_ activity: String) async throws -> GiteaAccount {
    let answer = try await client.value("GET", "/user", nil, activity)
    guard let id = answer["id"]?.int, let login = answer["login"]?.string else {
      throw ForgeError(.unreadable, activity, at: client.place("GET", "/user"), "the account has no login")
    }
    let account = GiteaAccount(id: id, login: login)
    memory.withLock { $0.account = account }
    await kept.write(account)
    return account
  }

  func isPullRequest(_ node: JSONValue) -> Bool { !(node["pull_request"]?.isNull ?? true) }

  func issues(in nodes: [JSONValue], of me: GiteaAccount, _ activity: String) throws(ForgeError) -> [HostedIssue] {
    try nodes.filter { !isPullRequest($0) }.map { node throws(ForgeError) in
      guard let issue = rest.hosted(issue: node, isOwn: me.wrote(node)) else {
        throw ForgeError(
          .unreadable, activity, at: client.place("GET", "\(rest.path)/issues"), "an issue lacks a field")
      }
      return issue
    }.sorted { $0.number < $1.number }
  }
}
