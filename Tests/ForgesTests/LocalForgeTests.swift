import DriftCore
import Foundation
import TestSupport
import Testing

@testable import Forges

struct LocalForgeTests {
  @Test func keepsWhatEveryForgePromises() async throws {
    let folder = try TemporaryFolder("forge")
    try await checkForge(LocalForge(folder: folder.path("proposals")))
  }

  @Test func theFilesAreForPeople() async throws {
    let folder = try TemporaryFolder("forge")
    let forge = LocalForge(folder: folder.path)
    let draft = exampleDraft("mooring/salesforce/green", title: "Add tier")
    let opened = try await forge.open(draft)
    #expect(opened.id == "salesforce--green")
    #expect(opened.location == folder.path("salesforce--green.md"))
    #expect(
      try folder.names() == [
        "salesforce--green.json", "salesforce--green.md", "salesforce--green.patch",
      ])
    #expect(
      folder.read("salesforce--green.md")
        == Array("# Add tier\n\nThe source has one column more.\n".utf8))
    #expect(folder.read("salesforce--green.patch") == draft.patch)
    try await forge.close(opened.id, because: "the drift is gone")
    #expect(try folder.names().count == 3, "closed ones stay for whoever looks later")
  }

  /// Every state that a kill can leave: the first `whole` files written anew, the next half written under its own name.
  @Test(arguments: 0...3, [false, true])
  func aKillAtAnyPointIsHealedByTheNextTry(whole: Int, overAnOldOne: Bool) async throws {
    let draft = exampleDraft("mooring/a", title: "New")
    let reference = try TemporaryFolder("forge")
    let expected = try await LocalForge(folder: reference.path).open(draft)

    let folder = try TemporaryFolder("forge")
    let forge = LocalForge(folder: folder.path)
    var old: [PullRequest] = []
    if overAnOldOne {
      var before = exampleDraft("mooring/a", title: "Old")
      before.patch = Array("old".utf8)
      old = [try await forge.open(before)]
    }
    let endings = ["patch", "md", "json"]
    for ending in endings.prefix(whole) {
      try folder.write(try #require(reference.read("a.\(ending)")), to: "a.\(ending)")
    }
    if whole < 3 { try folder.write("hal", to: ".a.\(endings[whole]).tmp") }

    let list = try await forge.pullRequests().map(\.textDigest)
    #expect(list == (whole == 3 ? [expected.textDigest] : old.map(\.textDigest)))
    let healed = try await forge.open(draft)
    #expect(healed.textDigest == expected.textDigest)
    for ending in endings {
      #expect(folder.read("a.\(ending)") == reference.read("a.\(ending)"))
    }
  }

  @Test func aTextThatWasDeletedIsWrittenAgain() async throws {
    let folder = try TemporaryFolder("forge")
    let forge = LocalForge(folder: folder.path)
    let draft = exampleDraft("mooring/a", title: "x")
    let opened = try await forge.open(draft)
    try FileManager.default.removeItem(atPath: folder.path("a.md"))
    #expect(try await forge.pullRequests().first?.textDigest == "")
    #expect(try await forge.update(opened.id, to: draft) == opened)
    #expect(folder.read("a.md") != nil)
  }

  @Test(arguments: ["patch", "md", "json"])
  func aLinkInThePlaceOfAFileIsNotFollowed(ending: String) async throws {
    let folder = try TemporaryFolder("forge")
    try folder.write("secret", to: "outside")
    try FileManager.default.createDirectory(
      atPath: folder.path("forge"), withIntermediateDirectories: true)
    try FileManager.default.createSymbolicLink(
      atPath: folder.path("forge/a.\(ending)"), withDestinationPath: folder.path("outside"))
    let forge = LocalForge(folder: folder.path("forge"))
    let error = await #expect(throws: ForgeError.self) {
      try await forge.open(exampleDraft("mooring/a", title: "x"))
    }
    #expect(error?.code == .notAFile)
    #expect(folder.read("outside") == Array("secret".utf8))
  }

  @Test func foreignFilesAreIgnoredAndDamagedOnesNamed() async throws {
    let folder = try TemporaryFolder("forge")
    let forge = LocalForge(folder: folder.path)
    for (name, text) in [
      "notes.json": "{", "list.json": "[]", "README.md": "# x", ".b.json.tmp": "{",
    ] {
      try folder.write(text, to: name)
    }
    let opened = try await forge.open(exampleDraft("mooring/a", title: "x"))
    #expect(try await forge.pullRequests() == [opened])
    try folder.write("{", to: "a.json")
    let error = await #expect(throws: ForgeError.self) { try await forge.pullRequests() }
    #expect(error?.code == .unreadable)
    #expect(error?.place.hasSuffix("a.json") == true)
  }

  @Test func aBranchThatIsNotOursHasNoPullRequest() async throws {
    let folder = try TemporaryFolder("forge")
    let forge = LocalForge(folder: folder.path)
    for branch in ["main", "mooring/", "../x"] {
      await #expect(throws: ForgeError.self) {
        try await forge.open(exampleDraft(branch, title: "x"))
      }
    }
    await #expect(throws: ForgeError.self) { try await forge.close("../x", because: "") }
    #expect(try folder.names().isEmpty)
  }

  @Test func aRefusalOutlivesTheNextPullRequestOfTheBranch() async throws {
    let folder = try TemporaryFolder("forge")
    let forge = LocalForge(folder: folder.path)
    var draft = exampleDraft("mooring/a", title: "x")
    let first = try await forge.open(draft)
    try await forge.refuse(first.id, as: Closing(reason: "no"))
    draft.findings = ["c.3"]
    _ = try await forge.open(draft)
    let list = try await forge.pullRequests()
    #expect(list.first { $0.state == .open }?.findings == ["c.3"])
    #expect(list.first { $0.state == .refused }?.findings == ["a.1", "b.2"])
  }

  @Test func readersNeverSeeHalfAFileWhileOthersWrite() async throws {
    let folder = try TemporaryFolder("forge")
    let forge = LocalForge(folder: folder.path)
    _ = try await forge.open(exampleDraft("mooring/a", title: "0"))
    try await withThrowingTaskGroup(of: Void.self) { group in
      for writer in 0..<4 {
        group.addTask {
          for round in 0..<10 {
            var draft = exampleDraft("mooring/a", title: "\(writer) \(round)")
            draft.body = String(repeating: "x", count: 1 + round * 10_000)
            _ = try await forge.open(draft)
          }
        }
      }
      group.addTask {
        for _ in 0..<200 {
          let list = try await forge.pullRequests()
          #expect(list.map(\.id) == ["a"])
          #expect(list.first?.textDigest.count == 64)
        }
      }
      try await group.waitForAll()
    }
  }

  @Test func slugsAreDifferentForDifferentBranchesAndSafe() throws {
    let branches = [
      "mooring/a/b", "mooring/a--b", "mooring/a-/b", "mooring/a/-b", "mooring/a_b", "mooring/a.b",
      "mooring/A", "mooring/a", "mooring/..", "mooring/a/../b", "mooring/é", "mooring/a\0b",
      "mooring/" + String(repeating: "x", count: 400),
      "mooring/" + String(repeating: "x", count: 401),
    ]
    let slugs = try branches.map { try #require(slug(of: $0)) }
    #expect(Set(slugs).count == branches.count)
    for slug in slugs {
      #expect(slug.utf8.count < 200)
      #expect(!slug.hasPrefix("."))
      #expect(
        slug.utf8.allSatisfy { byte in "abcdefghijklmnopqrstuvwxyz0123456789_-.".utf8.contains(byte)
        })
    }
  }
}
