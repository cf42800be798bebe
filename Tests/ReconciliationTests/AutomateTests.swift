import DriftCore
import Reconciliation
import Testing

@testable import soak

/// What `mode: automate` asks of the forge, and what it leaves to people.
struct AutomateTests {
  private let outside = Outside(seed: 1)
  private let green = "mooring/crm/green"

  private func actions(
    _ mode: ConnectionPolicy.Mode = .automate, day: Int64 = 0
  ) async throws -> [PerformedAction] {
    var reconciler = Instance(outside: outside, baton: Baton(members: 1, seed: 1), number: 0).reconciler(mode: mode)
    reconciler.now = { Timestamp(microseconds: 0).adding(seconds: day * 86_400) }
    return try await reconciler.run().connections.flatMap(\.actions)
  }

  @Test func whatIsGreenIsHandedToTheForgeOnce() async throws {
    await outside.drift("tier")
    #expect(try await actions().map(\.kind) == [.opened, .automated])
    #expect(await outside.askedToMerge == [green])
    await outside.sync()
    #expect(try await actions() == [])
    #expect(await outside.askedToMerge == [green], "whoever takes it back on the forge is not overruled")
  }

  @Test func whatNeedsAReviewIsLeftToPeople() async throws {
    await outside.drift("tier")
    await outside.remove("amount")
    let kinds = try await actions().map(\.kind)
    #expect(kinds.contains(.opened) && !kinds.contains(.automated))
    #expect(await outside.askedToMerge == [])
  }

  @Test func withoutTheModeNothingIsAsked() async throws {
    await outside.drift("tier")
    #expect(try await actions(.propose).map(\.kind) == [.opened])
    #expect(await outside.askedToMerge == [])
  }

  @Test func oneThatWasOpenBeforeTheModeIsHandedOverAsItIs() async throws {
    await outside.drift("tier")
    _ = try await actions(.propose)
    #expect(try await actions().map(\.kind) == [.automated])
  }

  @Test func whatTheForgeDoesNotDoYetIsAskedAgainAndWhatItRefusesIsNot() async throws {
    await outside.answer(.notYet("no pipeline has begun"))
    await outside.drift("tier")
    #expect(try await actions().last?.text == "not merged by itself yet: no pipeline has begun")
    await outside.answer(.refused("auto-merge is switched off"))
    #expect(try await actions().map(\.text) == ["for people to merge: auto-merge is switched off"])
    await outside.sync()
    #expect(try await actions() == [])
    await outside.answer(.armed)
    await outside.sync()
    #expect(try await actions(day: 1).map(\.kind) == [.automated], "somebody may have switched it on")
  }

  /// Who edits a branch answers for it: it is theirs to merge.
  @Test func whatAPersonEditedIsNotMergedByItself() async throws {
    await outside.drift("tier")
    _ = try await actions(.propose)
    await outside.editByHand(green)
    #expect(try await actions().map(\.kind) == [.left])
    #expect(await outside.askedToMerge == [])
  }

  /// A forge may keep the wish through a push: then nobody but Mooring takes it back.
  @Test func whatAPersonEditedAfterwardsIsTakenBackOnce() async throws {
    await outside.drift("tier")
    #expect(try await actions().map(\.kind) == [.opened, .automated])
    await outside.editByHand(green)
    #expect(try await actions().first?.text.contains("no longer merges it by itself") == true)
    #expect(await outside.leftToPeople == [green])
    await outside.sync()
    _ = try await actions()
    #expect(await outside.leftToPeople == [green], "whoever asks the forge again is not overruled")
  }
}

extension Outside {
  fileprivate func drift(_ column: String) {
    if git.commits.count == 1 { begin() }
    source.tables["account"]?[column] = SourceSide.Column(type: "text")
    sync()
  }

  fileprivate func remove(_ column: String) {
    source.tables["account"]?[column]?.isGone = true
    sync()
  }

  fileprivate func answer(_ answer: AutoMerge) { autoMerge = answer }
}
