import DriftCore

/// What the grammar gives a meaning to.
private let words = [
  ": ", "- ", "\n", "\n  ", "\n    - ", "\r\n", "\t", "#", " # x", "&a ", "*a", "!!str ", "!", "<<: ", "? ", "| ",
  ">-\n", "|\n ",
  "{", "}", "[", "]", ",", "'", "\"", "\\", "---\n", "...\n", "%YAML 1.1\n", "\u{FEFF}", "\u{85}", "\u{2028}",
  "\u{202E}", "\u{0}",
  "é", "😀", "null", "~", "yes", "1e3", "0x1F", "name: no\n", "schema:\n", "properties: []", "value:", "\"\\u0000\"",
  "[[[[[[[[[[",
]

/// Breaks so many files of the repository and reads them; returns what went wrong, in words.
///
/// A file is read or refused, a problem stands in a line that is there, and whatever Mooring then writes says what was meant.
func brokenYAML(_ count: Int, seed: UInt64) throws -> [String] {
  var documents = try Mutations(
    of: ["contracts", "check", "fuzz/yaml", "refusals"], ending: ".yaml", words: words, seed: seed)
  var broken: [String] = []
  for _ in 0..<count {
    let bytes = documents.next()
    func expect(_ holds: Bool, _ promise: String) {
      if !holds { broken.append("\(promise): \(String(decoding: bytes, as: UTF8.self).debugDescription)") }
    }
    let path = "contract.odcs.yaml"
    let (contract, problems) = parseContract(bytes, path: path)
    expect(contract != nil || problems.contains { $0.severity == .error }, "neither read nor refused")
    let lines = bytes.count { $0 == 0x0A } + 2
    expect(
      problems.allSatisfy { ($0.line ?? 1) <= lines && ($0.line ?? 1) > 0 && ($0.column ?? 1) > 0 },
      "a problem stands nowhere")
    if let contract {
      // It checks by itself that the text says what was meant, and refuses otherwise.
      let edits: [ContractEdit] = [
        .setVersion("9.9.9"), .addColumn(ContractColumn(id: "col_fuzz", name: "fuzz")), .deprecateTable,
      ]
      if let edited = try? edit(contract: bytes, path: path, with: edits) {
        expect(parseContract(edited, path: path).0 == contract.applying(edits), "edited to something else")
      }
    }
    if let once = try? canonicalText(of: bytes, path: path) {
      expect((try? canonicalText(of: once, path: path)) == once, "the canonical form has another one")
      if let contract {
        expect(parseContract(once, path: path).0 == contract, "the canonical form says something else")
      }
    }
    _ = (parseMapping(bytes, path: "m"), parseChange(bytes, path: "c"), parseProject(bytes, path: "p"))
    _ = (parseConnectionPromise(bytes, path: "c"), parseRefusals(bytes, path: "r"))
  }
  return broken
}
