import ArgumentParser
import DriftCore
import Synchronization

struct AuditExport: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export",
    abstract: "Print the audit log of a destination, one line of JSON each, oldest first.",
    discussion: """
      Standard error says the hash of the last line: kept elsewhere, it proves later that nothing was cut off or written \
      anew (mooring audit verify --head). Exit 2 where the log is broken; its lines are printed all the same.
      """)

  @OptionGroup var place: RepositoryOptions
  @Argument(help: "The destination, by its name in mooring.yaml; where there is one, it need not be said.")
  var destination: String?

  func run() async throws {
    let project = try await Workplace(place).project
    let name = try chosen(of: project.destinations.keys.sorted())
    guard let settings = project.destinations[name] else {
      throw UsageError(
        "there is no destination \"\(visible(name.text))\"", hint: known(project.destinations.keys.sorted()))
    }
    let verification = Mutex(Verification())
    try await Wiring.warehouse(name, settings).audit { line in
      FileHandleOutput.standardOutput(line + "\n")
      verification.withLock { $0.take(line) }
    }
    let found = verification.withLock { $0 }
    let head = found.verifier.head
    if let finding = found.finding {
      complain("the audit log of \(name) is broken: \(finding)")
      throw ExitCode(2)
    }
    complain(
      "\(counted(head.sequence, "line"))"
        + (head == .empty
          ? "" : "; the last has the hash \(head.hash)\n  keep it: mooring audit verify FILE --head \(head.hash)"))
  }

  private func chosen(of names: [DestinationName]) throws -> DestinationName {
    if let destination { return DestinationName(destination) }
    guard names.count == 1 else { throw UsageError("which destination?", hint: known(names)) }
    return names[0]
  }

  private func known(_ names: [DestinationName]) -> String {
    "known are: \(names.map { visible($0.text) }.joined(separator: ", "))"
  }
}

/// The first finding of a log that goes by.
private struct Verification: Sendable {
  var verifier = AuditVerifier()
  var finding: AuditFinding?

  mutating func take(_ line: String) {
    if finding != nil { return }
    do {
      try verifier.take(Array(line.utf8))
    } catch {
      finding = error
    }
  }
}
