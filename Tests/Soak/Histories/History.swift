import DriftCore
import Reconciliation

/// One life of a small world: rounds of drift, review and runs, then a quiet end.
struct History {
  let seed: UInt64
  let outside: Outside
  /// Is given what each run did; nil where nobody looks.
  private let trace: (@Sendable (String) -> Void)?

  init(seed: UInt64, mutation: Outside.Mutation? = nil, trace: (@Sendable (String) -> Void)? = nil) {
    self.seed = seed
    self.trace = trace
    outside = Outside(seed: seed, mutation: mutation)
  }

  /// Returns the promises that were broken, in words.
  func live() async throws -> [String] {
    await outside.begin()
    await run(instances: 1)
    for round in 1...10 {
      await outside.passDays(3)
      await outside.drift(round)
      await outside.set(faults(of: round))
      if longestPause != nil { await outside.perhapsPauseOrResumeByHand() }
      await run(instances: seed % 3 == 0 ? 2 : 1)
      await outside.review()
      await outside.forgetClosed()
      if await outside.roll(15) { await outside.revertSomething() }
      if await outside.roll(25) { await askToUndo() }
      if await outside.roll(25) { await outside.meddle() }
      if await outside.roll(30) { await outside.loseCaches() }
      await outside.takeBackAmendment()
      if await outside.roll(20) { await outside.amend() }
    }
    await outside.takeBackAmendment()
    await comeToRest()
    return await outside.broken
  }

  /// In some histories the forge merges what is green.
  private var mode: ConnectionPolicy.Mode { seed % 5 < 2 ? .automate : .propose }

  /// In some, red findings pause the connection.
  private var longestPause: Duration? { seed % 7 > 3 ? .seconds(5 * 86_400) : nil }

  /// Some histories are calm, in some acts arrive twice, some crash, some lose answers.
  private func faults(of round: Int) -> Outside.Faults {
    switch seed % 4 {
    case 0: Outside.Faults(twice: seed % 8 == 4 ? 5 : 0)
    case 1: Outside.Faults(crash: 2)
    case 2: Outside.Faults(loss: 3, half: 10)
    default: Outside.Faults(crash: 1, loss: 1, half: 5)
    }
  }

  /// Without faults and with everything merged, it comes to rest: promise 3.
  private func comeToRest() async {
    await outside.set(Outside.Faults())
    await outside.resumeByHand()
    for round in 0..<12 {
      if longestPause != nil, round < 6 { await outside.passDays(2) }
      // What others do to a target is seen with the next sync.
      await outside.sync()
      await run(instances: 1)
      await resume()
      await outside.finishReviews()
    }
    await outside.loseCaches()
    let before = await outside.writes
    await run(instances: 1)
    await run(instances: 1)
    let after = await outside.writes
    await outside.expect(after == before, "3: \(after - before) writes with nothing changed outside")
    await outside.expectEverythingIsMapped()
    await outside.expectWholeAudit()
    await outside.expectNoPause()
    await outside.expectTheConnectionIsPromised()
  }

  /// A person types `mooring resume` where many columns are gone at once: here they are.
  private func resume() async {
    let holds = Holds(Instance(outside: outside, baton: Baton(members: 1, seed: seed), number: 0))
    guard let hold = try? await holds.hold(on: "crm") else { return }
    trace?("  resume: \(hold.reason)")
    try? await holds.lift(hold, for: "crm")
  }

  /// A person types `mooring undo` for something that was, or was not, applied.
  private func askToUndo() async {
    guard let name = await outside.askForAWayBack() else { return }
    await outside.revive()
    let instance = Instance(outside: outside, baton: Baton(members: 1, seed: seed), number: 0)
    do {
      let report = try await instance.reconciler(mode: mode, at: outside.clock).undo(name, askedBy: "kim")
      trace?("  undo \(name)\n\(words(of: report))")
    } catch {
      trace?("  undo \(name): \(error)")
    }
    await outside.expectOneProposalATable()
  }

  private func run(instances count: Int) async {
    await outside.revive()
    let hasVisitor = count > 1
    let baton = Baton(members: count + (hasVisitor ? 1 : 0), seed: seed)
    await withTaskGroup(of: Void.self) { group in
      // A person who pushes while the others run.
      if hasVisitor {
        group.addTask {
          for _ in 0..<(await outside.pick(Array(4...24)) ?? 4) { await baton.ask(count) }
          await outside.editSomethingByHand()
          await baton.leave()
        }
      }
      for number in 0..<count {
        group.addTask {
          let instance = Instance(outside: outside, baton: baton, number: number)
          let report = try? await instance.reconciler(
            mode: mode, dashboard: seed % 2 == 1, longestPause: longestPause, at: outside.clock
          ).run()
          trace?(report.map(words(of:)) ?? "  the run ended early")
          if count == 1, let report, !report.isIncomplete { await outside.expectNoLongPause() }
          await baton.leave()
        }
      }
    }
    if count == 1 { await outside.expectOneProposalATable() }
  }
}

/// One run in a few lines.
private func words(of report: RunReport) -> String {
  var lines: [String] = []
  for applied in report.applied {
    lines.append("  \(applied.table.name) \(applied.change): \(applied.outcome) \(applied.steps)")
  }
  for pause in report.pauses { lines.append("  \(pause.state) \(pause.text)") }
  for connection in report.connections {
    lines.append("  \(connection.outcome)")
    for table in connection.tables {
      let changes = table.changes.map { "\($0.verdict.rule) \($0.change.column?.text ?? "")" }
      lines.append("    \(table.table.name) \(table.standing): \(changes.joined(separator: ", "))")
    }
    for action in connection.actions { lines.append("    \(action.kind) \(action.branch): \(action.text)") }
  }
  return lines.joined(separator: "\n")
}
