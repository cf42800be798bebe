import DriftCore
import Git
import TestSupport
import Testing

struct CommitTests {
  @Test func theSameDraftIsTheSameCommitInAnyClone() async throws {
    let origin = try Origin()
    let one = origin.repository(clone: "one")
    let draft = CommitDraft(
      base: try await one.fetch(), message: "Add tier", edits: [edit("contracts/a/b.yaml", "b\n")])
    let first = try await one.commit(draft)
    let again = try await one.commit(draft)
    let other = try await origin.repository(clone: "two").commit(draft)
    #expect(first == again)
    #expect(first == other)
    let judge = GitProgram(in: origin.folder.path("one"))
    #expect(
      try judge("log", "-1", "--format=%an|%ae|%cn|%ce|%at|%ct|%P|%s", first.id.text)
        == "Mooring|mooring@localhost|Mooring|mooring@localhost|1709294400|1709294400|\(draft.base)|Add tier"
    )
    #expect(try origin.git("for-each-ref", "--format=%(refname)") == "refs/heads/main")
    #expect(try await one.branches().isEmpty)
    try judge("fsck", "--strict")
  }

  @Test func untouchedFilesAndModesStay() async throws {
    let origin = try Origin(files: ["run": "1\n", "keep/it": "2\n", "gone/only": "3\n"])
    try origin.git("update-index", "--chmod=+x", "run")
    try origin.git("commit", "-q", "-m", "mode")
    let repository = origin.repository()
    let made = try await repository.commit(
      CommitDraft(
        base: try await repository.fetch(), message: "x",
        edits: [edit("run", "one\n"), edit("gone/only", nil)]))
    #expect(
      try GitProgram(in: origin.folder.path("clone"))(
        "ls-tree", "-r", "--format=%(objectmode) %(path)", made.id.text)
        == "100644 keep/it\n100755 run")
  }

  @Test(arguments: [
    ("removing", [edit("no/such", nil)], GitError.Code.missingPath),
    ("nothing", [], .nothingToCommit),
    ("same", [edit("contracts/mooring.yaml", "version: 1\n")], .nothingToCommit),
    ("twice", [edit("a", "1"), edit("a", "2")], .badPath),
    ("both", [edit("a", "1"), edit("a/b", "2")], .badPath),
    ("above", [edit("contracts/mooring.yaml/x", "1")], .badPath),
    ("folder", [edit("contracts", "1")], .badPath),
    ("up", [edit("a/../../b", "1")], .badPath),
    ("git", [edit("a/.GIT/config", "1")], .badPath),
    ("root", [edit("/etc/passwd", "1")], .badPath),
    ("break", [edit("a\nb", "1")], .badPath),
  ])
  func editsThatCannotBeMadeWriteNothing(
    name: String, edits: [FileEdit], code: GitError.Code
  ) async throws {
    let origin = try Origin()
    let repository = origin.repository()
    let base = try await repository.fetch()
    let before = try origin.folder.names()
    let error = await #expect(throws: GitError.self) {
      try await repository.commit(CommitDraft(base: base, message: name, edits: edits))
    }
    #expect(error?.code == code)
    #expect(try origin.folder.names() == before)
  }

  static let hostile: [String: String] = [
    "crlf.sql": "a\r\nb\r\n", "mixed.sql": "a\r\nb\n", "no-newline": "last", "empty": "",
    "ü/ñ \u{1F600}.yaml": "é\n", "a b/\"q'uote\".txt": "x\n", "back\\slash": "y\n",
    "tab-free.patch": "--- a/x\n+++ b/x\ndiff --git a/y b/y\nFrom 0123 Mon Sep 17 00:00:00 2001\n",
    "long": String(repeating: "x", count: 100_000) + "\n", "nul": "a\0b\n",
    "- dash": "-- \nlibgit2 1.5.1\n", "dashes": "--\nlibgit2 9.9.9\n\n",
    "return": "a\rb\r", "spaces": "  \n\t\n \n\n\n",
  ]

  @Test(arguments: [
    "Add tier", "Subject: x\n\nbody\n---\nrest\ndiff --git a/x b/x\nIndex: y\n--- z\nFrom 1 2",
    "", "[PATCH] x\n\n\n\nFrom: Eve <e@example.com>\nSubject: other\n\nText\u{1B}[31m\r\nend  \n\n",
    "ünï \u{1F600}\n\n>From here\n--- \n----\nMooring-Tree: 00",
  ])
  func thePatchAppliesToItsBaseWhateverItHolds(message: String) async throws {
    var old = Dictionary(
      uniqueKeysWithValues: Self.hostile.map { ("old/\($0.key)", $0.value) })
    old["stay"] = "here\n"
    let origin = try Origin(files: old)
    let repository = origin.repository()
    var edits = Self.hostile.map { edit("new/\($0.key)", $0.value) }
    for (index, path) in Self.hostile.keys.sorted().enumerated() {
      let text = Self.hostile[path] ?? ""
      switch index % 3 {
      case 0: edits.append(edit("old/\(path)", nil))
      case 1: edits.append(edit("old/\(path)", text + "more\r\n"))
      default: edits.append(edit("old/\(path)", "before\n" + text))
      }
    }
    let base = try await repository.fetch()
    let made = try await repository.commit(CommitDraft(base: base, message: message, edits: edits))
    let clone = GitProgram(in: origin.folder.path("clone"))
    try clone("fsck", "--strict")

    let text = String(decoding: made.patch, as: UTF8.self)
    #expect(text.hasSuffix("\nbase-commit: \(base)\n-- \nMooring\n\n"))
    try origin.folder.write(made.patch, to: "x.patch")
    // A machine's own settings must not matter to the message: trailing space goes, and nothing else.
    try origin.git("am", "-q", origin.folder.path("x.patch"))
    let applied = try origin.git("rev-parse", "HEAD")
    let difference = try clone("diff", "--stat", applied, made.id.text)
    #expect(difference == "")
    let body = try clone("log", "-1", "--format=%b", made.id.text)
    #expect(try origin.git("log", "-1", "--format=%b") == body)
    #expect(body.contains("Mooring-Tree: "))
    #expect(try origin.git("log", "-1", "--format=%an %ae") == "Mooring mooring@localhost")
  }

  @Test func aCommitIsOnePack() async throws {
    let origin = try Origin()
    let repository = origin.repository()
    let base = try await repository.fetch()
    let edits = (0..<20).map { edit("contracts/t\($0)/up.sql", "SELECT \($0);\n") }
    _ = try await repository.commit(CommitDraft(base: base, message: "x", edits: edits))
    let objects = try origin.folder.names().filter {
      $0.hasPrefix("clone/objects/") && !$0.hasPrefix("clone/objects/info")
    }
    #expect(objects.count == 3, "the folder pack, a pack and its index: \(objects)")
  }
}
