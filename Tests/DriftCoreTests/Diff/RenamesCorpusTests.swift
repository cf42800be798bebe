import DriftCore
import FoundationEssentials
import Testing

/// The figures on labelled changes, as a floor. The corpus is no part of the repository: `MOORING_CORPUS` names its file,
/// or it lies in `shared/corpus` beside the checkout; without it these tests are skipped, and say so.
@Suite(.enabled(if: corpusPath != nil, "no corpus: set MOORING_CORPUS to the file of cases"))
struct RenamesCorpusTests {
  @Test func renamesAreToldAtLeastThisWell() throws {
    let score = try score(usesSourceOrder: false)
    #expect(score.assertedOnClean == 0)
    #expect(score.asserted.precision ?? 0 >= 0.95)
    #expect(score.asserted.recall ?? 0 >= 0.57)
    #expect(score.shown.precision ?? 0 >= 0.81)
    #expect(score.shown.recall ?? 0 >= 0.75)
    #expect(score.shownWithNear.precision ?? 0 >= 0.65)
  }

  @Test func theSourcesOrderHelps() throws {
    let score = try score(usesSourceOrder: true)
    #expect(score.assertedOnClean == 0)
    #expect(score.asserted.precision ?? 0 >= 0.98)
    #expect(score.asserted.recall ?? 0 >= 0.89)
    #expect(score.shown.recall ?? 0 >= 0.90)
  }

  @Test func neitherLabelsNorSystemsAreSeen() throws {
    for (seen, _) in try cases().prefix(150) {
      var renamed = seen
      renamed.id = "other"
      #expect(
        predictedChanges(of: renamed, usesSourceOrder: false) == predictedChanges(of: seen, usesSourceOrder: false))
    }
  }

  private func cases() throws -> [(seen: SchemaCase, known: CaseTruth?)] {
    try readCases([UInt8](Data(contentsOf: URL(filePath: try #require(corpusPath)))))
  }

  private func score(usesSourceOrder: Bool) throws -> RenameScore {
    DriftCore.score(
      try cases().compactMap { seen, known in
        known.map { ($0, predictedChanges(of: seen, usesSourceOrder: usesSourceOrder)) }
      })
  }
}

private let corpusPath: String? = {
  if let path = ProcessInfo.processInfo.environment["MOORING_CORPUS"] { return path }
  let checkout = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()
  let path = checkout.deletingLastPathComponent().appending(path: "shared/corpus/drift-dev.jsonl").path
  return FileManager.default.fileExists(atPath: path) ? path : nil
}()
