import ArgumentParser
import DriftCore
import JSON

struct Fmt: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "fmt",
    abstract: "Lay contracts and mappings out as Mooring writes them; comments stay with what they speak of.",
    discussion: """
      Keys in the standard's order, two blanks a level, quotes where a reader needs them. What a file says never changes. \
      Nothing else of Mooring's ever lays a file out: its own edits touch only the lines that they are about.
      """)

  @Argument(help: "Folder of the contracts, or one file of it.")
  var folder = "contracts"
  @Flag(help: "Write nothing; name the files that would change, and exit 2 where there are any.")
  var check = false
  @Flag(help: "Print JSON.")
  var json = false

  func run() throws {
    let all: [String: [UInt8]]
    if laysOut(folder) {
      guard let bytes = fileBytes(folder, atMost: 2 * readableFileSize) else {
        throw UsageError("\(folder): cannot be read")
      }
      all = [folder: bytes]
    } else {
      all = try ContractFolder(folder).files.filter { laysOut($0.key) }
    }
    var changed: [String] = []
    var refused: [Diagnostic] = []
    for (path, bytes) in all.sorted(by: { $0.key < $1.key }) {
      do throws(EditRefusal) {
        let text = try canonicalText(of: bytes, path: path)
        if text == bytes { continue }
        changed.append(path)
        if !json { FileHandleOutput.standardOutput(visible(path) + "\n") }
        if !check { try write(text, path) }
      } catch {
        refused.append(error.diagnostic)
      }
    }
    if json {
      let answer = object([
        ("written", .bool(!check)), ("changed", .array(changed.map { .string($0) })),
        ("problems", .array(refused.map(\.json))),
      ])
      print(answer.prettyText)
    } else {
      for problem in refused { complain(visible("\(problem)", keepingLines: true)) }
    }
    if !refused.isEmpty { throw ExitCode(1) }
    if check, !changed.isEmpty { throw ExitCode(2) }
  }

  private func write(_ text: [UInt8], _ path: String) throws(EditRefusal) {
    do {
      try writeFile(text, to: path)
    } catch {
      throw EditRefusal(diagnostic: Diagnostic(path: path, message: "\(error)"))
    }
  }
}

private func laysOut(_ path: String) -> Bool {
  ["contract.odcs.yaml", "mapping.yaml"].contains(path.split(separator: "/").last.map(String.init) ?? "")
}
