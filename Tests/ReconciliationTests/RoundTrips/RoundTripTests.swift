import DriftCore
import Foundation
import Reconciliation
import Synchronization
import TestSupport
import Testing

/// What 50 proposals cost on the network, and what becomes of them where it fails in the middle.
struct RoundTripTests {
  private let fleet: Fleet
  private let clock = ImmediateClock()

  init() throws { fleet = try Fleet() }

  private func forge(_ name: String) throws -> CountedForge {
    let folder = fleet.folder
    return try CountedForge(name, clock: clock) { branch in
      // Nothing packs the references of this repository.
      folder.read("contracts.git/refs/heads/\(branch)").map { String(decoding: $0.prefix(40), as: UTF8.self) }
    }
  }

  private func run(_ forge: CountedForge) async throws -> RunReport {
    try await fleet.reconciler(try forge.connect(fleet.cache)).run()
  }

  private func branches() throws -> [String] {
    try fleet.origin("for-each-ref", "--format=%(refname:lstrip=2)", "refs/heads/mooring").split(separator: "\n")
      .map(String.init)
  }

  private func count(_ kind: PerformedAction.Kind, in report: RunReport) -> Int {
    report.connections.flatMap(\.actions).count { $0.kind == kind }
  }

  private func posts(_ service: String) -> Int {
    fleet.server.requests.count { $0.method == "POST" && $0.path.hasSuffix(service) }
  }

  /// Everything is open once, and one more run asks the git host once and the forge twice, and writes nothing.
  private func expectSettled(_ forge: CountedForge) async throws {
    let branches = try branches()
    #expect(branches.count == Fleet.proposals)
    #expect(forge.open() == branches)
    #expect(forge.incomplete() == [])
    let tips = try fleet.origin("for-each-ref")
    fleet.server.forgetRequests()
    forge.forget()
    let report = try await run(forge)
    #expect(!report.isIncomplete)
    #expect(report.connections.flatMap(\.actions) == [])
    #expect(report.warnings == [])
    #expect(fleet.server.requests.map(\.path) == ["/contracts.git/info/refs"])
    #expect(forge.requests().count <= 2, "\(forge.requests())")
    #expect(try fleet.origin("for-each-ref") == tips)
    #expect(forge.violations() == [])
  }

  @Test(arguments: CountedForge.names)
  func fiftyProposalsAreOneFetchOnePushAndFourRequestsEach(name: String) async throws {
    let forge = try forge(name)
    let report = try await run(forge)
    #expect(count(.opened, in: report) == Fleet.proposals)
    #expect(report.warnings == [])
    #expect(posts("/git-upload-pack") == 1)
    #expect(posts("/git-receive-pack") == 1)
    // Also to find out what is open, and for the dashboard.
    #expect(forge.requests().count <= 4 * Fleet.proposals, "\(forge.requests().count)")
    try await expectSettled(forge)
  }

  @Test(arguments: CountedForge.names)
  func aShortLimitInTheMiddleIsWaitedFor(name: String) async throws {
    let forge = try forge(name)
    let reconciler = try fleet.reconciler(
      try forge.connect(fleet.cache),
      beforeAct: atOpening(20) {
        forge.failNext(.answer(429, ["Retry-After: 90"]))
      })
    #expect(count(.opened, in: try await reconciler.run()) == Fleet.proposals)
    #expect(clock.sleeps.contains(.seconds(90)))
    try await expectSettled(forge)
  }

  @Test(arguments: CountedForge.names)
  func whatALongLimitLeavesIsDoneByTheNextRun(name: String) async throws {
    let forge = try forge(name)
    let reconciler = try fleet.reconciler(
      try forge.connect(fleet.cache),
      beforeAct: atOpening(20) {
        forge.failNext(.answer(429, ["Retry-After: 3600"]))
      })
    let first = try await reconciler.run()
    let opened = count(.opened, in: first)
    #expect(opened == 19)
    #expect(first.isIncomplete)
    #expect(try branches().count == Fleet.proposals, "all of them are pushed")
    #expect(forge.requests().count <= 4 * (opened + 1) + 4, "whoever asks to be left alone is left alone")

    try await clock.sleep(for: .seconds(3600))
    fleet.server.forgetRequests()
    let second = try await run(forge)
    #expect(count(.opened, in: second) == Fleet.proposals - opened)
    #expect(posts("/git-receive-pack") == 0, "nothing is pushed twice")
    try await expectSettled(forge)
  }

  /// Does something before the pull request of that number is opened.
  private func atOpening(
    _ number: Int, _ act: @escaping @Sendable () -> Void
  ) -> @Sendable (String) async throws -> Void {
    let count = Counter()
    return { name in
      if name.hasPrefix("open mooring/"), count.next() == number { act() }
    }
  }

  // MARK: One that fails

  @Test(arguments: ["update", "pre-receive"])
  func aRefusedBranchIsTheOnlyOneThatStaysBehind(hook: String) async throws {
    let forge = try forge("gitlab")
    let refused = greenBranchName(of: "connection_3")
    try refuse(refused, by: hook)
    let report = try await run(forge)
    #expect(count(.opened, in: report) == Fleet.proposals - 1)
    let stayed = report.connections.flatMap(\.actions).filter { $0.kind == .refused }
    #expect(stayed.map(\.branch) == [refused])
    #expect(stayed.first?.text.contains("not this one") == true)
    #expect(report.isIncomplete, "a scheduled run must not look as if all was well")
    #expect(try branches().count == Fleet.proposals - 1)
    #expect(hook == "pre-receive" || posts("/git-receive-pack") == 1)

    try FileManager.default.removeItem(atPath: fleet.folder.path("contracts.git/hooks/\(hook)"))
    #expect(count(.opened, in: try await run(forge)) == 1)
    try await expectSettled(forge)
  }

  /// An `update` hook refuses one branch of a push, a `pre-receive` hook a whole push that has it.
  private func refuse(_ branch: String, by hook: String) throws {
    let find = hook == "update" ? "[ \"$1\" = refs/heads/\(branch) ]" : "grep -q 'refs/heads/\(branch)$'"
    let script = "#!/bin/sh\nif \(find); then echo 'not this one' >&2; exit 1; fi\nexit 0\n"
    let path = try fleet.folder.write(script, to: "contracts.git/hooks/\(hook)")
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: path)
  }

  @Test func aHostThatRefusesEverythingIsNotAskedWithoutEnd() async throws {
    let path = try fleet.folder.write("#!/bin/sh\nexit 1\n", to: "contracts.git/hooks/pre-receive")
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: path)
    let forge = try forge("gitlab")
    let report = try await run(forge)
    #expect(count(.refused, in: report) == Fleet.proposals)
    #expect(posts("/git-receive-pack") <= 16)
    #expect(forge.open() == [])
  }

  @Test func aLostPushIsToldByEachConnectionAndRepeated() async throws {
    let forge = try forge("gitlab")
    fleet.server.setFault(.cutBeforePush)
    let report = try await run(forge)
    #expect(report.connections.count == Fleet.connections)
    for connection in report.connections {
      guard case .failed(let reason) = connection.outcome else {
        Issue.record("\(connection.outcome)")
        continue
      }
      #expect(reason.hasPrefix("pushing:"))
      #expect(connection.actions.isEmpty)
      #expect(connection.tables.count == 5, "what was found is told all the same")
    }
    #expect(forge.open() == [])
    fleet.server.setFault(nil)
    #expect(count(.opened, in: try await run(forge)) == Fleet.proposals)
    try await expectSettled(forge)
  }

  @Test func aConnectionThatCannotBeReadDoesNotHinderTheOthers() async throws {
    let forge = try forge("gitlab")
    fleet.broken.withLock { $0 = ["id_connection_4"] }
    let report = try await run(forge)
    #expect(report.connections.count { if case .failed = $0.outcome { true } else { false } } == 1)
    #expect(count(.opened, in: report) == Fleet.proposals - 5)
    #expect(posts("/git-receive-pack") == 1)
    fleet.broken.withLock { $0 = [] }
    #expect(count(.opened, in: try await run(forge)) == 5)
    try await expectSettled(forge)
  }
}

private final class Counter: Sendable {
  private let value = Mutex(0)

  func next() -> Int {
    value.withLock { value in
      value += 1
      return value
    }
  }
}
