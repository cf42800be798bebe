import DriftCore
import JSON
import Reconciliation
import Synchronization
import TestSupport
import Testing

@testable import soak

/// A process ends at each point around each kind of step, on each warehouse. Whoever comes next adopts what took effect, runs
/// what did not, or hands over to a person, and nothing takes effect twice.
@Suite struct EveryCutTests {
  @Test func everyWarehouseIsThere() {
    #expect(Set(CutWarehouse.allCases.map(\.dialect.id)) == Set(Dialect.all.map(\.id)))
  }

  @Test(arguments: CutWarehouse.allCases, CutKind.allCases)
  func aStepSurvivesACutAnywhere(warehouse: CutWarehouse, kind: CutKind) async throws {
    guard let scene = try CutScene(kind, in: warehouse.dialect) else { return }
    #expect(CutKind(of: scene.change.steps[0], among: scene.change.actions) == kind)
    for point in CutPoint.allCases { try await live(scene, kind, cutAt: point, on: warehouse) }
  }

  private func live(_ scene: CutScene, _ kind: CutKind, cutAt point: CutPoint, on warehouse: CutWarehouse) async throws
  {
    let place: Comment = "\(warehouse), \(kind.testDescription), \(point.rawValue)"
    let ground = try await warehouse.ground(for: scene)
    let source = CutSource()
    let outside = Outside(seed: 1)
    await outside.land(scene.files)
    let destination = try await ground.warehouse(Scissors(at: nil))
    try await destination.record(
      LedgerEntry(
        step: StepID(destination: "w", connection: "", table: TableName(schema: "", name: ""), change: 0, step: 0),
        state: .done, kind: "ledger", digest: "", commit: ""))

    let scissors = Scissors(at: point)
    try await apply(scene, ground, source, outside, scissors)
    #expect(scissors.hasCut, "nothing was cut: \(place)")

    var outcome: AppliedChange.Outcome?
    // A sync is over when it has been looked at once more.
    for _ in 0..<3 where outcome != .applied {
      try await ground.passTime()
      source.finishSync()
      outcome = try await apply(scene, ground, source, outside, Scissors(at: nil)) ?? outcome
    }
    // A re-sync cannot be looked up: once it may have been asked for, a person looks.
    if kind == .other(.resync), point != .afterLine {
      guard case .held = outcome else {
        Issue.record("\(String(describing: outcome)): \(place)")
        return
      }
    } else {
      #expect(outcome == .applied, place)
    }
    try await expectOnce(scene, kind, point, ground, source, place)
    try await expectWholeRecords(of: destination, place)
    #expect(ground.violations == [], place)
  }

  @discardableResult
  private func apply(
    _ scene: CutScene, _ ground: any CutGround, _ source: CutSource, _ outside: Outside, _ scissors: Scissors
  ) async throws -> AppliedChange.Outcome? {
    var reconciler = Instance(outside: outside, baton: Baton(members: 1, seed: 1), number: 0).reconciler()
    reconciler.destinations = [
      "w": Destination(warehouse: try await ground.warehouse(scissors), dialect: scene.dialect)
    ]
    reconciler.source = CutSourcePort(source: source, scissors: scissors)
    reconciler.holder = Holder("one", hasEnded: { _ in true })
    do { return try await reconciler.apply().applied.first?.outcome } catch is CancellationError { return nil }
  }

  private func expectOnce(
    _ scene: CutScene, _ kind: CutKind, _ point: CutPoint, _ ground: any CutGround, _ source: CutSource,
    _ place: Comment
  ) async throws {
    let (patches, syncs) = source.state.withLock { ($0.patches, $0.syncs) }
    switch kind {
    case .statement: #expect(try await ground.effects() == 1, place)
    case .other(.patch): #expect(patches == 1, place)
    case .other(.sync):
      // Asked for again it is one sync all the same.
      #expect(syncs == ([.beforeAct, .afterLine].contains(point) ? 1 : 2), place)
    case .other(.resync): #expect(syncs == (point == .beforeAct ? 0 : 1), place)
    case .other(.waitIdle), .other(.waitSynced), .other(.verifyTargetColumn), .other(.verifyTargetView),
      .other(.verifyLandedColumn), .other(.verifySetting):
      #expect((patches, syncs) == (0, 0), place)
    }
  }

  /// One line in the ledger for each step that is done, and in the audit log one for each of its effects.
  private func expectWholeRecords(of destination: any Warehouse & AuditLog, _ place: Comment) async throws {
    let lines = try await auditLines(of: destination)
    #expect(verifyAudit(lines.flatMap { Array($0.utf8) + [0x0A] }).finding == nil, place)
    var effects: [String: Int] = [:]
    for line in try lines.map({ try JSONValue.parse($0) })
    where ["step.done", "step.adopted", "step.settled"].contains(line["event"]?.string) {
      effects["\(line["step"]?.int ?? 0).\(line["part"]?.int ?? 0)", default: 0] += 1
    }
    let done = try await destination.ledger().filter { $0.state == .done && $0.step.step > 0 }
    #expect(Set(done.map(\.step)).count == done.count, place)
    for entry in done {
      let count = effects["\(entry.step.step).\(entry.step.part)", default: 0]
      // A sync that was asked for twice says so twice.
      #expect((1...(entry.kind == "sync" ? 2 : 1)).contains(count), "\(entry.step) has \(count) lines: \(place)")
    }
  }
}

extension Outside {
  fileprivate func land(_ files: [(path: String, text: String)]) {
    for (path, text) in files { git.writeMain(path, Array(text.utf8), message: "merge \(path)") }
  }
}
