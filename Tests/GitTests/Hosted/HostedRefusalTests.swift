import DriftCore
import Foundation
import Git
import TestSupport
import Testing

struct HostedRefusalTests {
  @Test func aWrongTokenIsShownOnce() async throws {
    let hosted = try HostedOrigin()
    let repository = try hosted.repository(token: "wrong-token")
    let error = await refusal { try await repository.fetch() }
    #expect(error?.code == .unauthorized)
    #expect(error?.description.contains("wrong-token") == false)
    #expect(hosted.passwords() == ["x-access-token:wrong-token"])
  }

  @Test func whereNoTokenIsSetThatIsSaid() async throws {
    let hosted = try HostedOrigin()
    let repository = try hosted.repository(token: nil)
    let error = await refusal { try await repository.fetch() }
    #expect(error?.code == .unauthorized)
    #expect(error?.wayOut?.contains("MOORING_GIT_TOKEN") == true)
    #expect(hosted.passwords() == [])
  }

  @Test(arguments: [
    (401, GitError.Code.unauthorized), (403, .forbidden), (404, .remoteNotFound), (410, .remoteNotFound),
    (429, .answered(429)), (500, .answered(500)), (503, .answered(503)),
  ])
  func anAnswerThatIsNoSuccessHasItsName(status: Int, code: GitError.Code) async throws {
    let hosted = try HostedOrigin()
    hosted.server.setFault(.status(status))
    let repository = try hosted.repository()
    let error = await refusal { try await repository.fetch() }
    #expect(error?.code == code, "\(String(describing: error))")
    #expect(error?.place == "\(hosted.server.url)/bare.git")
    #expect(error?.wayOut != nil)
    #expect(hosted.server.requests.count <= 2)
  }

  @Test func aRepositoryThatIsNotThereIsNamedAsSuch() async throws {
    let hosted = try HostedOrigin()
    let repository = try hosted.repository(path: "none.git")
    let error = await refusal { try await repository.fetch() }
    #expect(error?.code == .remoteNotFound)
  }

  @Test func aSilentServerIsLeftAtTheDeadline() async throws {
    let hosted = try HostedOrigin()
    hosted.server.setFault(.silent())
    let repository = try hosted.repository(deadline: .seconds(1))
    let error = await refusal { try await repository.fetch() }
    #expect(error?.code == .deadline)
    #expect(try transportPrograms(in: hosted.origin.folder) == [])
    #expect(try hosted.origin.locks() == [])
  }

  @Test func aCancelledCallEndsBeforeItsDeadline() async throws {
    let hosted = try HostedOrigin()
    let (requests, arrived) = AsyncStream<Void>.makeStream()
    let release = DispatchSemaphore(value: 0)
    hosted.server.setFault(
      .interposed { _ in
        arrived.yield()
        release.wait()
      })
    defer { release.signal() }
    let repository = try hosted.repository(deadline: .seconds(280))
    let task = Task { try await repository.fetch() }
    for await _ in requests { break }
    task.cancel()
    await #expect(throws: CancellationError.self) { try await task.value }
    #expect(try transportPrograms(in: hosted.origin.folder) == [])
  }

  @Test(arguments: ["127.0.0.1", "localhost"])
  func noOtherHostOrPortGetsTheToken(host: String) async throws {
    let hosted = try HostedOrigin()
    let other = try HostedOrigin()
    hosted.server.setFault(.redirect(other.server.url.replacing("127.0.0.1", with: host)))
    let repository = try hosted.repository()
    let error = await refusal { try await repository.fetch() }
    #expect(error?.code == .redirected, "\(String(describing: error))")
    #expect(other.passwords() == [])
    if host == "localhost" { #expect(other.server.requests == []) }
  }

  @Test func anotherPathOfTheSameHostIsFollowed() async throws {
    let hosted = try HostedOrigin()
    hosted.server.setFault(.moved(from: "/old/", to: "/bare.git/"))
    let repository = try hosted.repository(path: "old")
    let id = try await proposal("1\n", in: repository)
    #expect(
      try await repository.push([RefUpdate(branch: "mooring/a", expected: nil, target: id)]) == [.updated])
  }

  @Test func aPortWhereNobodyListensIsUnreachable() async throws {
    let hosted = try HostedOrigin()
    let repository = try hosted.repository()
    hosted.server.stop()
    let error = await refusal { try await repository.fetch() }
    #expect(error?.code == .unreachable, "\(String(describing: error))")
  }

  @Test func neitherArgumentsNorEnvironmentHoldTheToken() async throws {
    let hosted = try HostedOrigin()
    let commands = Collected<String>()
    let environments = Collected<String>()
    let folder = hosted.origin.folder
    hosted.server.setFault(
      .interposed { _ in
        for process in (try? transportPrograms(in: folder)) ?? [] {
          commands.append(processListing(process, "cmdline"))
          environments.append(processListing(process, "environ"))
        }
      })
    _ = try await hosted.repository().fetch()
    #expect(Set(commands.values) == ["mooring-git\0"])
    let variables = environments.values.map { $0.split(separator: "\0") }.joined()
    let names = variables.map { String($0.prefix { $0 != "=" }) }
    #expect(Set(names).subtracting(["LD_LIBRARY_PATH"]) == ["HOME", "LC_ALL", "SWIFT_BACKTRACE"])
    #expect(environments.values.allSatisfy { !$0.contains(HostedOrigin.token) })
    let written = try hosted.origin.folder.names().filter { name in
      guard let bytes = hosted.origin.folder.read(name) else { return false }
      return String(decoding: bytes, as: UTF8.self).contains(HostedOrigin.token)
    }
    #expect(written == [])
  }

  @Test(arguments: ["/nonexistent/mooring-git", "/bin/true", "/bin/cat", "/bin/false"])
  func aProgramThatIsNotOursIsNamed(program: String) async throws {
    let hosted = try HostedOrigin()
    let repository = try hosted.repository(program: program)
    let error = await refusal { try await repository.fetch() }
    #expect(error?.code == .transport)
    #expect(error?.wayOut?.contains("mooring-git") == true)
  }

  @Test(.timeLimit(.minutes(5))) func theProgramEndsWithItsInput() async throws {
    let hosted = try HostedOrigin()
    let (requests, arrived) = AsyncStream<Void>.makeStream()
    let release = DispatchSemaphore(value: 0)
    hosted.server.setFault(
      .interposed { _ in
        arrived.yield()
        release.wait()
      })
    defer { release.signal() }
    try GitProgram(in: hosted.origin.folder.path)("init", "-q", "--bare", "own.git")
    let request = TransportRequest(
      .fetch, folder: hosted.origin.folder.path("own.git"), url: "\(hosted.server.url)/bare.git", branch: "main",
      access: RemoteAccess(token: Secret(HostedOrigin.token)))
    let program = ChildProcess()
    program.executableURL = URL(fileURLWithPath: transportProgram)
    let input = Pipe()
    program.standardInput = .pipe(input)
    program.standardOutput = .nothing
    let (ends, ended) = AsyncStream<Int32>.makeStream()
    program.terminationHandler = { ended.yield($0.terminationStatus) }
    try program.run()
    defer { program.terminate() }
    try input.fileHandleForWriting.write(contentsOf: Array((request.line + "\n").utf8))
    for await _ in requests { break }
    try input.fileHandleForWriting.close()
    var statuses = ends.makeAsyncIterator()
    #expect(await statuses.next() == 75)
  }

  @Test(arguments: ["", "{}\n", "fetch\n", "{\"work\":\"fetch\"}\n"])
  func theProgramDoesNothingWithoutARequest(text: String) throws {
    let program = ChildProcess()
    program.executableURL = URL(fileURLWithPath: transportProgram)
    let input = Pipe()
    let output = Pipe()
    program.standardInput = .pipe(input)
    program.standardOutput = .pipe(output)
    program.standardError = .nothing
    try program.run()
    try input.fileHandleForWriting.write(contentsOf: Array(text.utf8))
    try input.fileHandleForWriting.close()
    #expect(try output.fileHandleForReading.readToEnd() ?? Data() == Data())
    program.waitUntilExit()
    #expect(program.terminationStatus == 64)
  }

  @Test func aCopyThatBelongsToSomebodyElseIsNotUsed() async throws {
    guard getuid() == 0 else {
      print("skipped: only root can give a folder away")
      return
    }
    let hosted = try HostedOrigin()
    _ = try await hosted.repository().fetch()
    #expect(chown(hosted.origin.folder.path("clone/mirror"), 4_242, 4_242) == 0)
    let repository = try hosted.repository()
    let error = await refusal { try await repository.fetch() }
    #expect(error?.code == .foreignOwner)
    #expect(error?.finding.contains("4242") == true)
  }
}
