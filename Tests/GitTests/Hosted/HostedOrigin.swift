import DriftCore
import Foundation
import Git
import TestSupport
import Testing

/// A repository on a git host of the test's own.
final class HostedOrigin: Sendable {
  static let token = "right-token-8d1f"

  let origin: Origin
  let server: GitHTTPServer

  init(identity: TLSIdentity? = nil) throws {
    origin = try Origin(bare: true)
    server = try GitHTTPServer(root: origin.folder.path, token: Self.token, identity: identity)
  }

  deinit { server.stop() }

  func repository(
    clone: String = "clone", path: String = "bare.git", token: String? = HostedOrigin.token,
    certificates: String? = nil, deadline: Duration = .seconds(60), program: String = transportProgram
  ) throws -> GitRepository {
    GitRepository(
      remote: try RemoteAddress("\(server.url)/\(path)"), clone: origin.folder.path(clone),
      access: RemoteAccess(
        token: token.map { Secret($0) }, certificates: certificates, deadline: deadline,
        program: program))
  }

  /// Puts one more commit on main.
  func advance() throws {
    let git = origin.git
    let tip = try git("commit-tree", git("rev-parse", "main^{tree}"), "-p", "main", "-m", "more")
    try git("update-ref", "refs/heads/main", tip)
  }

  /// The passwords that the server was shown, in the order of the requests.
  func passwords() -> [String] {
    server.requests.compactMap { request in
      guard let value = request.headers["authorization"], let pair = Data(base64Encoded: String(value.dropFirst(6)))
      else { return nil }
      return String(decoding: pair, as: UTF8.self)
    }
  }
}

/// The program that was built with the tests.
let transportProgram = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()
  .appendingPathComponent("mooring-git").path

/// Makes a commit of one file on the tip of main.
func proposal(_ text: String, in repository: GitRepository) async throws -> CommitID {
  try await repository.commit(
    CommitDraft(
      base: try await repository.fetch(), message: "Add \(text)",
      edits: [edit("contracts/new.yaml", text)])
  ).id
}

/// What a call throws, which must not hold the token; nil where it throws nothing or something else.
func refusal<Value>(_ call: () async throws -> Value) async -> GitError? {
  do {
    _ = try await call()
  } catch let error as GitError {
    #expect(!"\(error) \(String(reflecting: error))".contains(HostedOrigin.token))
    return error
  } catch {
    Issue.record("\(error)")
  }
  return nil
}

/// The programs that work for clones in `folder`.
func transportPrograms(in folder: TemporaryFolder) throws -> [Int32] {
  try FileManager.default.contentsOfDirectory(atPath: "/proc").compactMap { Int32($0) }
    .filter { processListing($0, "environ").contains("HOME=\(folder.path)/") }
}

/// What everybody on the machine may ask of a process: `cmdline` or `environ`.
func processListing(_ process: Int32, _ name: String) -> String {
  String(decoding: FileManager.default.contents(atPath: "/proc/\(process)/\(name)") ?? Data(), as: UTF8.self)
}
