/// Of a connection's files, those that what is wrong in one table's folder can depend on: the folder itself, that of every
/// contract that may promise the same table, and `connection.yaml`.
///
/// A contract that does not have the table's name in it promises another one, so it need not be parsed to be left out.
///
/// - Parameters:
///   - folder: of the table, without `/` at the end.
///   - files: of the connection, by path.
package func files(judging folder: String, among files: [String: [UInt8]]) -> [String: [UInt8]] {
  let path = TableFolder(path: folder).contract
  let contract = files[path].flatMap { readContract($0, path: path).partial }
  let name = contract.map { Array($0.table.name.utf8) }
  let others = files.keys.filter { other in
    guard let name, let bytes = files[other], other.hasSuffix("/contract.odcs.yaml") else { return false }
    return mayHold(name, bytes)
  }
  let folders = Set(others.map(parentFolder) + [folder])
  return files.filter { path, _ in
    if fileName(of: path) == "connection.yaml" { return true }
    var place = parentFolder(of: path)
    while !place.isEmpty {
      if folders.contains(place) { return true }
      place = parentFolder(of: place)
    }
    return false
  }
}

/// Whether a YAML text may spell a name: as it is, or in a way that only reading tells, with an escape, over two lines or
/// with a doubled quote.
private func mayHold(_ name: [UInt8], _ text: [UInt8]) -> Bool {
  let quotes: Set<UInt8> = [UInt8(ascii: "'"), UInt8(ascii: "\""), UInt8(ascii: "\\")]
  if name.isEmpty || name.contains(where: { $0 <= 0x20 || quotes.contains($0) }) { return true }
  return holds(text, name) || text.contains(UInt8(ascii: "\\"))
}

private func holds(_ text: [UInt8], _ part: [UInt8]) -> Bool {
  var rest = text[...]
  while let start = rest.firstIndex(where: { $0 == part.first }) {
    if rest[start...].starts(with: part) { return true }
    rest = rest[(start + 1)...]
  }
  return false
}
