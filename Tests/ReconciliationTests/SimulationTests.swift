import DriftCore
import Foundation
import Reconciliation
import Testing

/// The real reconciler in a world in memory that drifts, fails, crashes and is worked on by people. A seed replays:
/// `MOORING_SEED=42 swift test --filter SimulationTests` prints what each run of that history did.
struct SimulationTests {
  /// A few dozen histories with each test run, many more with `MOORING_SEEDS=10000` (`make check`).
  @Test func thePromisesHoldInEveryHistory() async throws {
    var tally = Outside.Tally()
    for seed in seeds {
      let history = History(seed: seed)
      let broken = try await history.live()
      #expect(broken.isEmpty, "seed \(seed): \(broken.prefix(5).joined(separator: "\n"))")
      if !broken.isEmpty { return }
      tally += await history.outside.tally
    }
    // A world in which nothing happens keeps every promise.
    let lived = Double(seeds.count)
    print("each of \(seeds.count) histories saw, on average: \(tally.words(over: lived))")
    guard seeds.count > 1 else { return }
    #expect(tally.events.allSatisfy { Double($0.count) > lived / 20 }, "\(tally)")
  }

  /// The suite is worth something only if it goes red without the guards that it watches.
  @Test(arguments: [
    (Outside.Mutation.forgetfulLedger, "2:"), (.noLease, "5:"), (.halfLists, "4:"), (.otherBytes, "1:"),
  ])
  func withoutAGuardItGoesRed(mutation: Outside.Mutation, promise: String) async throws {
    for seed in UInt64(1)...60 {
      let broken = try await History(seed: seed, mutation: mutation).live()
      if broken.contains(where: { $0.hasPrefix(promise) }) { return }
    }
    Issue.record("60 histories without \(mutation) kept promise \(promise.dropLast())")
  }

  private var seeds: [UInt64] {
    let environment = ProcessInfo.processInfo.environment
    if let seed = environment["MOORING_SEED"].flatMap({ UInt64($0) }) { return [seed] }
    let count = environment["MOORING_SEEDS"].flatMap { UInt64($0) } ?? 60
    return Array(1...count)
  }
}

/// One life of a small world: rounds of drift, review and runs, then a quiet end.
struct History {
  let seed: UInt64
  let outside: Outside

  init(seed: UInt64, mutation: Outside.Mutation? = nil) {
    self.seed = seed
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
      await run(instances: seed % 3 == 0 ? 2 : 1)
      await outside.review()
      await outside.forgetClosed()
      if await outside.roll(15) { await outside.revertSomething() }
      if await outside.roll(25) { await askToUndo() }
      if await outside.roll(25) { await outside.meddle() }
      if await outside.roll(30) { await outside.loseCaches() }
    }
    await comeToRest()
    return await outside.broken
  }

  /// In some histories the forge merges what is green.
  private var mode: ConnectionPolicy.Mode { seed % 5 < 2 ? .automate : .propose }

  /// Some histories are calm, some crash, some lose answers.
  private func faults(of round: Int) -> Outside.Faults {
    switch seed % 4 {
    case 0: Outside.Faults()
    case 1: Outside.Faults(crash: 2)
    case 2: Outside.Faults(loss: 3, half: 10)
    default: Outside.Faults(crash: 1, loss: 1, half: 5)
    }
  }

  /// Without faults and with everything merged, it comes to rest: promise 3.
  private func comeToRest() async {
    await outside.set(Outside.Faults())
    for _ in 0..<12 {
      // What others do to a target is seen with the next sync.
      await outside.sync()
      await run(instances: 1)
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
    await outside.expectTheConnectionIsPromised()
  }

  /// A person types `mooring undo` for something that was, or was not, applied.
  private func askToUndo() async {
    guard let name = await outside.askForAWayBack() else { return }
    await outside.revive()
    let instance = Instance(outside: outside, baton: Baton(members: 1, seed: seed), number: 0)
    do {
      let report = try await instance.reconciler(mode: mode, at: outside.clock).undo(name, askedBy: "kim")
      if isTraced { print("  undo \(name)\n\(trace(report))") }
    } catch {
      if isTraced { print("  undo \(name): \(error)") }
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
          let report = try? await instance.reconciler(mode: mode, dashboard: seed % 2 == 1, at: outside.clock).run()
          if isTraced { print(report.map(trace) ?? "  the run ended early") }
          await baton.leave()
        }
      }
    }
    if count == 1 { await outside.expectOneProposalATable() }
  }
}

private let isTraced = ProcessInfo.processInfo.environment["MOORING_SEED"] != nil

/// One run in a few lines.
private func trace(_ report: RunReport) -> String {
  var lines: [String] = []
  for applied in report.applied {
    lines.append("  \(applied.table.name) \(applied.change): \(applied.outcome) \(applied.steps)")
  }
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

extension Outside {
  /// At rest `connection.yaml` says what is, unless that was refused.
  func expectTheConnectionIsPromised() {
    let bytes = git.commits[git.main]?.files[Self.connectionFile] ?? []
    guard let promised = parseConnectionPromise(bytes, path: Self.connectionFile).0?.changeHandling else {
      return expect(false, "connection.yaml cannot be read")
    }
    if promised == source.changeHandling { return }
    let finding = SchemaChange.connectionChanged(.changeHandlingChanged(from: promised, to: source.changeHandling))
    let no = fingerprint(of: finding, connection: "crm", table: TableName(schema: "", name: ""))
    expect(
      counting.contains { $0.findings.contains(no) },
      "connection.yaml says \(promised), and it is \(source.changeHandling)")
  }

  /// At rest every mapped column is in its target with the type that the mapping says, unless its change was refused.
  func expectEverythingIsMapped() {
    for (path, bytes) in git.commits[git.main]?.files ?? [:] where path.hasSuffix("mapping.yaml") {
      guard let mapping = parseMapping(bytes, path: path).0 else {
        expect(false, "\(path) cannot be read")
        continue
      }
      let target = warehouse.tables[mapping.target.table]
      for column in mapping.columns {
        let found = target?.columns.first { $0.name == column.target }?.physicalType
        // Of a widening that somebody took back in git, the target stays the wider one.
        let findings: [SchemaChange] =
          found.map { [.targetTypeNarrower(column, found: $0), .targetTypeDiffers(column, found: $0)] }
          ?? [.targetColumnMissing(column)]
        let no = Set(findings.map { fingerprint(of: $0, connection: "crm", table: mapping.source) })
        let isRefused =
          counting.contains { !no.isDisjoint(with: $0.findings) }
          || !no.isDisjoint(with: RefusalsInForce(refusalBook, refused, at: clock).findings)
        let isThere = found.map(Dialect.postgres.parseType) == Dialect.postgres.parseType(column.type)
        expect(
          isThere || isRefused,
          "7: \(mapping.target.table).\(column.target) is \(found ?? "not there"), not \(column.type)")
      }
    }
  }
}
