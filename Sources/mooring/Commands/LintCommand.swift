import ArgumentParser
import DriftCore
import FoundationEssentials
import JSON

struct Lint: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "lint",
    abstract: "Check the contracts, mappings and changes in a folder; exit 2 on findings.",
    discussion: """
      Reads the work tree as it stands; no network. What was found is kept in XDG_CACHE_HOME or ~/.cache, so that nothing \
      is checked twice.
      """)

  @Argument(help: "Folder of the contracts, or a folder or a file in it.")
  var folder = "contracts"
  @Flag(help: "Print JSON.")
  var json = false
  @Option(
    help: "Print findings for a CI system: github (annotations), gitlab (a Code Quality report) or sarif (2.1.0).")
  var format: Format?

  enum Format: String, ExpressibleByArgument, CaseIterable {
    case github, gitlab, sarif
  }

  func validate() throws {
    if json, format != nil { throw ValidationError("choose one of --json and --format") }
  }

  func run() async throws {
    let scope = try LintScope(folder)
    let findings = scope.told(await found(in: scope)).sorted()
    let headline = headline(findings, of: scope.fileCount)
    let text: String =
      switch (format, json) {
      case (.github, _): annotations(findings, title: "mooring lint", headline: headline)
      case (.gitlab, _): codeQuality(findings).prettyText + "\n"
      case (.sarif, _): sarif(findings).prettyText + "\n"
      case (nil, true): JSONValue.array(findings.map(\.json)).prettyText + "\n"
      case (nil, false):
        findings.map { visible("\($0)", keepingLines: true) + "\n" }.joined() + headline + "\n"
      }
    FileHandleOutput.standardOutput(text)
    if !findings.isEmpty { throw ExitCode(2) }
  }

  private func headline(_ findings: [Diagnostic], of count: Int) -> String {
    let errors = findings.count { $0.severity == .error }
    return findings.isEmpty
      ? "\(counted(count, "file")) checked, no findings"
      : "\(counted(count, "file")) checked, \(counted(errors, "error")), \(counted(findings.count - errors, "warning"))"
  }
}

/// What is wrong in all that was read. What was judged before, from the same bytes, is not judged again.
private func found(in scope: LintScope) async -> [Diagnostic] {
  let (units, findings) = lintUnits(among: scope.files)
  var memory = LintMemory(of: scope.root)
  let known = units.map { memory?.known($0) }
  let fresh = await linted(zip(units, known).filter { $0.1 == nil }.map(\.0))
  if fresh.isEmpty, memory?.holdsOnly(units.count) ?? true || !scope.isWhole {
    return findings + lint(across: known.compactMap(\.self))
  }
  let found = Dictionary(fresh.map { ($0.path, $0) }, uniquingKeysWith: { first, _ in first })
  let all = zip(units, known).compactMap { unit, known in known ?? found[unit.path] }
  memory?.keep(zip(units, all), replacing: scope.isWhole)
  return findings + lint(across: all)
}

/// Judges units on every core, in no order.
private func linted(_ units: [LintUnit]) async -> [LintedUnit] {
  let workers = max(1, min(units.count, ProcessInfo.processInfo.activeProcessorCount))
  return await withTaskGroup(of: [LintedUnit].self) { group in
    for worker in 0..<workers {
      group.addTask {
        var types = TypeLinter()
        return stride(from: worker, to: units.count, by: workers).map { units[$0].linted(types: &types) }
      }
    }
    return await group.reduce(into: []) { $0 += $1 }
  }
}
