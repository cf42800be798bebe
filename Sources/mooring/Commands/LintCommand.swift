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
    let memory = LintMemory(of: scope.files, in: scope.shown)
    let findings: [Diagnostic]
    if let kept = memory?.findings() {
      findings = kept
    } else {
      findings = scope.told(lint(scope.files, read: await readContracts(scope.files))).sorted()
      memory?.keep(findings)
    }
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

/// Parses the contracts on every core.
private func readContracts(_ files: [String: [UInt8]]) async -> [String: ReadContract] {
  let paths = files.keys.filter { $0.hasSuffix("/contract.odcs.yaml") }.sorted()
  let workers = max(1, min(paths.count, ProcessInfo.processInfo.activeProcessorCount))
  return await withTaskGroup(of: [(String, ReadContract)].self) { group in
    for worker in 0..<workers {
      group.addTask {
        stride(from: worker, to: paths.count, by: workers).map { index in
          (paths[index], parseContract(files[paths[index]] ?? [], path: paths[index]))
        }
      }
    }
    return await group.reduce(into: [:]) { read, part in
      for (path, contract) in part { read[path] = contract }
    }
  }
}
