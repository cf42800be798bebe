import Foundation
import Testing

struct ProposalPatchTests {
  /// `git am` on the base that a patch names gives the tree of its branch, for every proposal there is.
  @Test(arguments: [("three-connectors", 8, 6), ("hostile-names", 1, 1)])
  func everyPatchAppliesOnItsBase(scenario: String, steps: Int, atLeast: Int) async throws {
    let others =
      scenario == "three-connectors"
      ? "  orders_db:\n    id: exotic_granite\n  stripe:\n    id: speak_inexpensive\n" : ""
    let world = try await World(scenario: scenario, others: others)
    try await world.adopt()
    try world.mooring("run")
    for _ in 0..<steps { try await world.advance() }
    try world.mooring("run")
    try world.git("clone", "-q", "\(world.folder)/contracts.git", "judge")
    let folder = "\(world.folder)/checkout/proposals"
    let names = try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
    let patches = names.filter { $0.hasSuffix(".patch") }
    #expect(patches.count >= atLeast)
    var trees: Set<String> = []
    for name in patches {
      let text = try String(contentsOfFile: "\(folder)/\(name)", encoding: .utf8)
      let base = try #require(
        text.split(separator: "\n").first { $0.hasPrefix("base-commit: ") }?.dropFirst(13))
      try world.git("-C", "judge", "checkout", "-q", String(base))
      try world.git("-C", "judge", "am", "-q", "\(folder)/\(name)")
      trees.insert(try world.git("-C", "judge", "rev-parse", "HEAD^{tree}"))
    }
    let branches = try world.git(
      "-C", "contracts.git", "for-each-ref", "--format=%(tree)", "refs/heads/mooring")
    #expect(Set(branches.split(separator: "\n").map(String.init)) == trees)
  }
}
