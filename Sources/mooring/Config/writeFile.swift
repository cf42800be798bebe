import FoundationEssentials

/// Writes a file, with the folders above it, whole or not at all: one that is half written would count as there.
func writeFile(_ bytes: [UInt8], to path: String) throws {
  let parent = path.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/")
  do {
    try FileManager.default.createDirectory(atPath: parent, withIntermediateDirectories: true)
    try Data(bytes).write(to: URL(filePath: path), options: .atomic)
  } catch {
    throw UsageError("\(path): cannot be written", hint: "check the rights of the folder \(parent)")
  }
}
