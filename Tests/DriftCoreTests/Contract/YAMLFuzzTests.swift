import DriftCore
import TestSupport
import Testing

private let words = [
  ": ", "- ", "\n", "\n  ", "\n    - ", "\r\n", "\t", "#", " # x", "&a ", "*a", "!!str ", "!", "<<: ", "? ", "| ",
  ">-\n", "|\n ",
  "{", "}", "[", "]", ",", "'", "\"", "\\", "---\n", "...\n", "%YAML 1.1\n", "\u{FEFF}", "\u{85}", "\u{2028}",
  "\u{202E}", "\u{0}",
  "é", "😀", "null", "~", "yes", "1e3", "0x1F", "name: no\n", "schema:\n", "properties: []", "value:", "\"\\u0000\"",
  "[[[[[[[[[[",
]

/// What anybody may write into a file of the repository ends no process, and never does more than it says.
@Suite struct YAMLFuzzTests {
  @Test(arguments: 0..<8 as Range<UInt64>)
  func brokenFilesAreReadOrRefused(seed: UInt64) throws {
    var documents = try Mutations(
      of: ["contracts", "check", "fuzz/yaml", "refusals"], ending: ".yaml", words: words, seed: seed)
    for _ in 0..<(Mutations.count / 8) {
      let bytes = documents.next()
      let path = "contract.odcs.yaml"
      let (contract, problems) = parseContract(bytes, path: path)
      #expect(contract != nil || problems.contains { $0.severity == .error })
      let lines = bytes.count { $0 == 0x0A } + 2
      #expect(problems.allSatisfy { ($0.line ?? 1) <= lines && ($0.line ?? 1) > 0 && ($0.column ?? 1) > 0 })
      if let contract {
        // It checks by itself that the text says what was meant, and refuses otherwise.
        let edits: [ContractEdit] = [
          .setVersion("9.9.9"), .addColumn(ContractColumn(id: "col_fuzz", name: "fuzz")), .deprecateTable,
        ]
        if let edited = try? edit(contract: bytes, path: path, with: edits) {
          #expect(parseContract(edited, path: path).0 == contract.applying(edits))
        }
      }
      if let once = try? canonicalText(of: bytes, path: path) {
        #expect((try? canonicalText(of: once, path: path)) == once, "\(String(decoding: bytes, as: UTF8.self))")
        if let contract { #expect(parseContract(once, path: path).0 == contract) }
      }
      _ = (parseMapping(bytes, path: "m"), parseChange(bytes, path: "c"), parseProject(bytes, path: "p"))
      _ = (parseConnectionPromise(bytes, path: "c"), parseRefusals(bytes, path: "r"))
    }
  }
}
