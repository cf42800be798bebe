import DriftCore
import Foundation
import Git
import TestSupport
import Testing

/// Answers of a git host that are cut, slow, large, or no git at all; people and a second run meanwhile.
@Suite(.serialized)
struct HostedFaultTests {
  private let name = "mooring/salesforce/green"

  /// What of the remote is known here; nil where the call fails. That it fails says nothing of branches.
  private func branches(_ repository: GitRepository) async -> [String]? {
    if let error = await refusal({ try await repository.fetch() }) {
      #expect(error.code != .branchMissing && error.code != .emptyRepository, "\(error)")
      return nil
    }
    return try? await repository.branches().map(\.name)
  }

  // MARK: Answers

  @Test func aServerThatDripsIsLeftAtTheDeadline() async throws {
    let hosted = try HostedOrigin()
    hosted.server.setFault(.drip)
    let repository = try hosted.repository(deadline: .seconds(1))
    let error = await refusal { try await repository.fetch() }
    #expect(error?.code == .deadline)
    #expect(try transportPrograms(in: hosted.origin.folder) == [])
  }

  /// The branches, and then the objects.
  @Test(arguments: [("/info/refs", true), ("/info/refs", false), ("/git-upload-pack", false)])
  func anAnswerCutAnywhereIsNoAnswer(path: String, saysLength: Bool) async throws {
    let hosted = try HostedOrigin()
    let first = try hosted.repository()
    let one = try await proposal("1\n", in: first)
    _ = try await first.push([RefUpdate(branch: name, expected: nil, target: one)])
    let whole = try #require(await branches(hosted.repository(clone: "whole")))
    for count in [0, 4, 34, 120, 300] {
      hosted.server.setFault(.cutBody(at: count, onPath: path, saysLength: saysLength))
      let clone = "clone\(count)"
      let found = await branches(try hosted.repository(clone: clone, deadline: .seconds(10)))
      #expect(found == nil || found == whole, "\(count) bytes")
      hosted.server.setFault(nil)
      #expect(await branches(try hosted.repository(clone: clone)) == whole, "\(count) bytes")
      #expect(try hosted.origin.locks() == [])
    }
  }

  @Test(arguments: [
    "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 20\r\n\r\n<html>Sign in</html>",
    "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", "HTTP/1.1 204 No Content\r\n\r\n", "HTTP/1.1 200 OK\r\n\r\n",
    "HTTP/1.1 200 OK\r\nContent-Type: application/x-git-upload-pack-advertisement\r\nContent-Length: 4\r\n\r\n0000",
    "SSH-2.0-OpenSSH_9.2\r\n", "", "\0\0\0\0",
    "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 3\r\n\r\nabc",
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
  ])
  func whatIsNoGitIsNoRepositoryWithoutBranches(answer: String) async throws {
    let hosted = try HostedOrigin()
    let repository = try hosted.repository(deadline: .seconds(10))
    _ = try await repository.push([
      RefUpdate(branch: name, expected: nil, target: try await proposal("1\n", in: repository))
    ])
    hosted.server.setFault(.bytes(Array(answer.utf8)))
    #expect(await branches(repository) == nil)
    hosted.server.setFault(nil)
    #expect(await branches(repository) == [name])
  }

  @Test func aFloodOfHeadersEndsTheCall() async throws {
    let hosted = try HostedOrigin()
    let line = Array("X-Padding: \(String(repeating: "x", count: 1_000))\r\n".utf8)
    let lines = repeatElement(line, count: 4_000).joined()
    hosted.server.setFault(.bytes(Array("HTTP/1.1 200 OK\r\n".utf8) + lines))
    let repository = try hosted.repository(deadline: .seconds(5))
    #expect(await branches(repository) == nil)
    #expect(try transportPrograms(in: hosted.origin.folder) == [])
    hosted.server.setFault(nil)
    #expect(await branches(repository) == [])
  }

  @Test func aNameThatDoesNotResolveIsUnreachable() async throws {
    let origin = try Origin(bare: true)
    // Too long for a name, so that nobody has to be asked.
    let host = String(repeating: "a", count: 64) + ".example"
    let repository = GitRepository(
      remote: try RemoteAddress("https://\(host)/bare.git"), clone: origin.folder.path("clone"),
      access: RemoteAccess(token: Secret(HostedOrigin.token), program: transportProgram))
    let error = await refusal { try await repository.fetch() }
    #expect(error?.code == .unreachable, "\(String(describing: error))")
  }

  // MARK: Pushes

  @Test(arguments: [
    (401, GitError.Code.unauthorized), (403, .forbidden), (404, .remoteNotFound), (413, .answered(413)),
    (429, .answered(429)), (500, .answered(500)), (503, .answered(503)),
  ])
  func aPushThatIsAnsweredSoMovesNothingAndIsDoneTheNextTime(status: Int, code: GitError.Code) async throws {
    let hosted = try HostedOrigin()
    let repository = try hosted.repository()
    let update = RefUpdate(branch: name, expected: nil, target: try await proposal("1\n", in: repository))
    hosted.server.setFault(.pushStatus(status))
    let error = await refusal { try await repository.push([update]) }
    #expect(error?.code == code, "\(String(describing: error))")
    hosted.server.setFault(nil)
    #expect(await branches(repository) == [])
    #expect(try await repository.push([update]) == [.updated])
  }

  /// The last one has taken the objects, and says of no branch that it moved.
  @Test(arguments: ["", "<html>Sign in</html>", "0000", "000eunpack ok\n0000", "0017\u{1}000eunpack ok\n00000000"])
  func aPushThatIsNotAnsweredByGitIsNotTakenForDone(body: String) async throws {
    let hosted = try HostedOrigin()
    let repository = try hosted.repository(deadline: .seconds(10))
    let update = RefUpdate(branch: name, expected: nil, target: try await proposal("1\n", in: repository))
    let type = "Content-Type: application/x-git-receive-pack-result"
    let answer = Array("HTTP/1.1 200 OK\r\n\(type)\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)".utf8)
    hosted.server.setFault(.pushBytes(answer))
    let outcomes = try? await repository.push([update])
    #expect(outcomes != [.updated], "\(String(describing: outcomes))")
    hosted.server.setFault(nil)
    #expect(await branches(repository) == [])
    #expect(try await repository.push([update]) == [.updated])
  }

  /// The forge deletes the branch with the merge, as most are set to.
  @Test func aBranchThatWasMergedWhileItWasDraftedAgainIsNotMadeAgain() async throws {
    let hosted = try HostedOrigin()
    let repository = try hosted.repository()
    let one = try await proposal("1\n", in: repository)
    let two = try await proposal("2\n", in: repository)
    _ = try await repository.push([RefUpdate(branch: name, expected: nil, target: one)])
    let git = hosted.origin.git
    try git("update-ref", "refs/heads/main", one.text)
    try git("update-ref", "-d", "refs/heads/\(name)")
    #expect(
      try await repository.push([RefUpdate(branch: name, expected: one, target: two)]) == [.leaseLost(found: nil)])
    #expect(await branches(repository) == [])
    #expect(try hosted.origin.tip(of: "main") == one)
  }

  /// A draft is made for the base that was looked at, and says so; what came to main meanwhile is neither lost nor taken over.
  @Test func aCommitNamesTheBaseThatItWasMadeFor() async throws {
    let hosted = try HostedOrigin()
    let repository = try hosted.repository()
    let base = try await repository.fetch()
    try hosted.advance()
    let moved = try await hosted.repository(clone: "another").fetch()
    #expect(moved != base)
    let (id, _) = try await repository.commit(
      CommitDraft(base: base, message: "Add tier", edits: [edit("contracts/new.yaml", "1\n")]))
    let again = try await repository.fetch()
    #expect(again == moved)
    #expect(
      try await repository.commit(
        CommitDraft(base: base, message: "Add tier", edits: [edit("contracts/new.yaml", "1\n")])
      ).id == id, "nothing is pushed again because main moved")
    #expect(
      try await repository.push([RefUpdate(branch: name, expected: nil, target: id)]) == [.updated])
    #expect(try hosted.origin.git("rev-parse", "\(name)^") == base.text)
    #expect(try hosted.origin.tip(of: "main") == moved)
  }

  // MARK: Secrets

  /// In a hook's words, plain and as it travels.
  @Test func whatAServerSaysBackIsToldWithoutTheToken() async throws {
    let hosted = try HostedOrigin()
    let repository = try hosted.repository()
    let pair = Data("x-access-token:\(HostedOrigin.token)".utf8).base64EncodedString()
    try hosted.origin.hook("update", "echo 'you are \(HostedOrigin.token), Basic \(pair)' >&2; exit 1")
    let update = RefUpdate(branch: name, expected: nil, target: try await proposal("1\n", in: repository))
    guard case .refused(let reason) = try await repository.push([update])[0] else {
      Issue.record("it was not refused")
      return
    }
    #expect(reason.contains("you are <redacted>, Basic <redacted>"), "\(reason)")
    #expect(!reason.contains(HostedOrigin.token) && !reason.contains(pair))
  }

  @Test func anErrorOfTheServerIsToldWithoutTheToken() async throws {
    let hosted = try HostedOrigin()
    let text = "ERR you are \(HostedOrigin.token)"
    let length = String(text.utf8.count + 4, radix: 16)
    let packet = String(repeating: "0", count: 4 - length.count) + length + text
    let body = "001e# service=git-upload-pack\n0000\(packet)"
    let type = "Content-Type: application/x-git-upload-pack-advertisement"
    hosted.server.setFault(
      .bytes(Array("HTTP/1.1 200 OK\r\n\(type)\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)".utf8)))
    let repository = try hosted.repository(deadline: .seconds(10))
    let error = await refusal { try await repository.fetch() }
    #expect(error?.finding.contains("you are <redacted>") == true, "\(String(describing: error))")
  }
}
