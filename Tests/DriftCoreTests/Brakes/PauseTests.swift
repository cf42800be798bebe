import DriftCore
import Testing

@testable import soak

private let region = PausingFinding(fingerprint: "f1", subject: "crm.account.region")
private let tier = PausingFinding(fingerprint: "f2", subject: "crm.account.tier")
private let noon = Timestamp(iso8601: "2026-11-22T12:00:00Z")!

/// What red findings do to a connection.
struct PauseTests {
  private static let standing = ConnectionPause(
    number: 1, connection: "crm", findings: [region], since: noon, until: noon.adding(.seconds(86_400)))

  private static func standing(_ change: (inout ConnectionPause) -> Void) -> ConnectionPause {
    var pause = standing
    pause.isSet = true
    change(&pause)
    return pause
  }

  private static let set = standing { _ in }
  private static let next = ConnectionPause(
    number: 2, connection: "crm", findings: [tier], since: noon, until: noon.adding(.seconds(86_400)))

  /// - Parameters: the pauses in the ledger, red findings (nil: nobody looked), paused now, hours gone.
  @Test(
    arguments: [
      ("something red pauses", [], [region], false, 0, .pause(standing)),
      ("nothing red", [], [], false, 0, .rest), ("nobody looked", [], nil, false, 0, .rest),
      ("somebody paused it before", [], [region], true, 0, .rest),
      ("it stands", [set], [region], true, 23, .rest), ("it stands while nobody looks", [set], nil, true, 23, .rest),
      ("something else turned red meanwhile", [set], [tier], true, 1, .rest),
      ("answered", [set], [], true, 1, .resume(set, .settled)),
      ("the longest time is over", [set], [region], true, 24, .resume(set, .overdue)),
      ("over, and nobody looked", [set], nil, true, 24, .resume(set, .overdue)),
      ("resumed by hand", [set], [region], false, 1, .conclude(set, .resumed)),
      ("by hand, and answered", [set], [], false, 1, .conclude(set, .resumed)),
      ("ended between request and line", [standing], [region], true, 1, .confirm(standing)),
      ("ended before the request", [standing], [region], false, 1, .pause(standing)),
      ("ended before it, and nobody looks", [standing], nil, false, 1, .rest),
      ("ended before it, and answered", [standing], [], false, 1, .conclude(standing, .settled)),
      ("ended before it, and over", [standing], [region], false, 24, .conclude(standing, .overdue)),
      (
        "ended before the way back", [standing { $0.ending = .settled }], [region], true, 1,
        .resume(standing { $0.ending = .settled }, .settled)
      ),
      (
        "ended after the way back", [standing { $0.ending = .lifted }], nil, false, 1,
        .conclude(standing { $0.ending = .lifted }, .lifted)
      ),
      ("over for good", [standing { $0.end = .overdue }], [region], false, 0, .rest),
      ("resumed for good", [standing { $0.end = .resumed }], [region], false, 0, .rest),
      ("lifted for good", [standing { $0.end = .lifted }], [region], false, 0, .rest),
      ("another finding", [standing { $0.end = .overdue }], [region, tier], false, 0, .pause(next)),
      (
        "what was settled comes again", [standing { $0.end = .settled }], [region], false, 0,
        .pause(
          ConnectionPause(
            number: 2, connection: "crm", findings: [region], since: noon, until: noon.adding(.seconds(86_400))))
      ),
    ] as [(String, [ConnectionPause], [PausingFinding]?, Bool, Int64, PauseDecision)])
  func whatIsDecided(
    case name: String, pauses: [ConnectionPause], red: [PausingFinding]?, isPaused: Bool, hours: Int64,
    expected: PauseDecision
  ) {
    let found = pauseDecision(
      on: "crm", policy: policyOfAPause(), open: red, pauses: pauses, status: status(isPaused),
      at: noon.adding(seconds: hours * 3600))
    #expect(found == expected, "\(name)")
  }

  @Test func itIsOnlyForWhomItIsAskedAndMayBe() {
    func decided(_ change: (inout ConnectionPolicy) -> Void, pauses: [ConnectionPause] = []) -> PauseDecision {
      var policy = policyOfAPause()
      change(&policy)
      return pauseDecision(
        on: "crm", policy: policy, open: [region], pauses: pauses, status: status(!pauses.isEmpty), at: noon)
    }
    #expect(decided { $0.longestPause = nil } == .rest)
    #expect(decided { $0.mode = .observe } == .rest)
    #expect(decided { $0.mode = .automate } == .pause(Self.standing))
    guard case .later(let reason) = decided({ $0.settingsOwner = .terraform }) else {
      Issue.record("a connection of others was paused")
      return
    }
    #expect(reason.contains("terraform"))
    // What Mooring did it takes back, also where nobody would ask for it now.
    for change in [
      { $0.longestPause = nil }, { $0.mode = .observe }, { $0.settingsOwner = .ui },
    ] as [(inout ConnectionPolicy) -> Void] {
      #expect(decided(change, pauses: [Self.set]) == .resume(Self.set, .unwanted))
    }
    // Who shortens the longest time means what stands as well.
    #expect(
      decided({ $0.longestPause = .seconds(60) }, pauses: [Self.standing { $0.since = noon.adding(seconds: -60) }])
        .isAct)
  }

  @Test func aSyncThatRunsIsNotEndedAndABrokenConnectionLeftAlone() {
    var busy = status(false)
    busy.syncState = "syncing"
    var broken = status(false)
    broken.setupState = "broken"
    for status in [busy, broken] {
      for pauses in [[], [Self.standing]] {
        let found = pauseDecision(
          on: "crm", policy: policyOfAPause(), open: [region], pauses: pauses, status: status, at: noon)
        guard case .later = found else {
          Issue.record("\(status) \(found)")
          return
        }
      }
    }
    #expect(
      pauseDecision(on: "crm", policy: policyOfAPause(), open: [region], pauses: [Self.set], status: nil, at: noon)
        == .rest)
  }

  @Test func theLedgerHasAllOfIt() throws {
    let pause = Self.set
    var lines = [pause.setting(.intended, in: "w"), pause.setting(.done, in: "w")]
    #expect(connectionPauses(in: lines, of: "w") == ["crm": [pause]])
    #expect(connectionPauses(in: lines, of: "other") == [:])
    lines.append(pause.ending(.intended, as: .lifted, by: "ada", in: "w"))
    #expect(standingPause(of: "crm", in: lines, of: "w")?.ending == .lifted)
    lines.append(pause.ending(.done, as: .lifted, by: "ada", in: "w"))
    #expect(standingPause(of: "crm", in: lines, of: "w") == nil)
    #expect(connectionPauses(in: lines, of: "w")["crm"]?.first?.endedBy == "ada")
    #expect(recordedChanges(in: lines).allSatisfy { $0.connection.text.isEmpty }, "they are of no connection's changes")
    #expect(breaker(in: lines, of: "w", at: noon) == .closed)
    // A line that nobody can read is over at once: better than a pause without an end.
    var torn = Self.standing.setting(.intended, in: "w")
    torn.detail = "{"
    torn.at = noon
    let read = try #require(standingPause(of: "crm", in: [torn], of: "w"))
    #expect(
      pauseDecision(on: "crm", policy: policyOfAPause(), open: nil, pauses: [read], status: status(true), at: noon)
        == .confirm(read))
    #expect(read.until == noon)
  }
}

/// Random lives of one connection, in which processes end between any two acts and people pause and resume by hand.
struct PauseLawTests {
  @Test(arguments: 1...200)
  func itIsNeverPausedLongerThanAskedAndNobodyElsesPauseIsEnded(seed: UInt64) {
    var world = World(seed: seed)
    for _ in 0..<60 { world.step() }
    #expect(world.broken == [], "seed \(seed)")
  }

  @Test func theLivesAreEventful() {
    var events: Set<String> = []
    for seed in 1...200 as ClosedRange<UInt64> {
      var world = World(seed: seed)
      for _ in 0..<60 { world.step() }
      events.formUnion(world.events)
    }
    #expect(
      events
        == Set(ConnectionPause.End.allCases.map(\.rawValue)).subtracting(["answered", "lifted"]).union(["confirmed"]))
  }

  private struct World {
    var isPaused = false
    /// Whether a person did it, or may have.
    var isTheirs = false
    var ledger: [LedgerEntry] = []
    var now = noon
    var red: Set<String> = []
    var policy = policyOfAPause()
    /// What a person resumed, or the longest time has ended.
    var answered: Set<String> = []
    var broken: [String] = []
    var events: Set<String> = []
    private var random: SeededGenerator

    init(seed: UInt64) { random = SeededGenerator(seed: seed) }

    var standing: ConnectionPause? { standingPause(of: "crm", in: ledger, of: "w") }

    mutating func step() {
      now = now.adding(seconds: Int64.random(in: 0...20_000, using: &random))
      switch Int.random(in: 0..<12, using: &random) {
      case 0...3: red.formSymmetricDifference(["f\(Int.random(in: 1...4, using: &random))"])
      case 4:
        if isPaused {
          // Who resumes what is known to be ours has the last word.
          if !isTheirs, let standing, standing.isSet, standing.ending == nil { answered.formUnion(standing.findings) }
          isPaused = false
        } else if standing == nil {
          // An intent whose outcome nobody knows would make it ours.
          (isPaused, isTheirs) = (true, true)
        }
      case 5: policy.longestPause = Bool.random(using: &random) ? .seconds(43_200) : .seconds(86_400)
      case 6: policy.longestPause = Int.random(in: 0..<4, using: &random) == 0 ? nil : .seconds(86_400)
      default: run()
      }
    }

    /// One run; it may end before any act.
    private mutating func run() {
      let open =
        Int.random(in: 0..<5, using: &random) == 0
        ? nil : red.sorted().map { PausingFinding(fingerprint: $0, subject: "t") }
      var actsLeft = Int.random(in: 0..<3, using: &random) == 0 ? Int.random(in: 0...5, using: &random) : 100
      for _ in 0..<10 {
        let decision = pauseDecision(
          on: "crm", policy: policy, open: open, pauses: connectionPauses(in: ledger, of: "w")["crm"] ?? [],
          status: status(isPaused), at: now)
        var acts: [Act] = []
        switch decision {
        case .rest, .later: return expectNothingOverdue()
        case .pause(let pause):
          if !answered.isDisjoint(with: pause.findings) { broken.append("paused again for what was answered") }
          acts = [.write(pause.setting(.intended, in: "w")), .set(true), .write(pause.setting(.done, in: "w"))]
        case .confirm(let pause):
          events.insert("confirmed")
          acts = [.write(pause.setting(.done, in: "w"))]
        case .resume(let pause, let end):
          if end == .overdue { answered.formUnion(pause.findings) }
          events.insert(end.rawValue)
          acts = [
            .write(pause.ending(.intended, as: end, in: "w")), .set(false),
            .write(pause.ending(.done, as: end, in: "w")),
          ]
        case .conclude(let pause, let end):
          events.insert(end.rawValue)
          acts = [.write(pause.ending(.done, as: end, in: "w"))]
        }
        for act in acts {
          if actsLeft == 0 { return }
          actsLeft -= 1
          switch act {
          case .write(let entry): if !ledger.contains(entry) { ledger.append(entry) }
          case .set(let value):
            if !value, isTheirs { broken.append("resumed what a person paused") }
            if isPaused != value { (isPaused, isTheirs) = (value, false) }
          }
        }
      }
      broken.append("it does not come to rest")
    }

    private enum Act {
      case write(LedgerEntry)
      case set(Bool)
    }

    private mutating func expectNothingOverdue() {
      guard isPaused, !isTheirs else { return }
      guard let standing else { return broken.append("paused, and the ledger does not know") }
      let longest = policy.longestPause ?? .zero
      if now >= standing.until || now >= standing.since.adding(longest) { broken.append("paused longer than asked") }
    }
  }
}

private func policyOfAPause() -> ConnectionPolicy {
  ConnectionPolicy(
    id: "crm_id", destination: "w", mode: .propose, settingsOwner: .mooring, longestPause: .seconds(86_400))
}

private func status(_ isPaused: Bool) -> ConnectionStatus {
  ConnectionStatus(
    id: "crm_id", schema: "crm", service: "salesforce", groupID: "g", isPaused: isPaused,
    syncState: isPaused ? "paused" : "scheduled")
}
