import DriftCore
import Glibc

/// The files of a contracts folder that the linter reads, as they stand in the work tree.
struct ContractFolder {
  /// By path, as the person who typed the folder would write it.
  private(set) var files: [String: [UInt8]] = [:]

  /// Links are not followed. A file that is too large for any reader comes with as much as shows that it is.
  init(_ folder: String) throws {
    var open = [folder.count > 1 && folder.hasSuffix("/") ? String(folder.dropLast()) : folder]
    while let next = open.popLast() {
      guard let entries = listing(of: next) else {
        if next == open.first ?? folder {
          throw UsageError("\(folder): there is no such folder", hint: "write one with: mooring init")
        }
        throw UsageError("\(next): cannot be read")
      }
      for entry in entries {
        let path = "\(next)/\(entry.name)"
        if entry.isFolder {
          open.append(path)
        } else if ContractState.lints(entry.name) {
          guard let bytes = fileBytes(path, atMost: 2 * readableFileSize) else {
            throw UsageError("\(path): cannot be read")
          }
          files[path] = bytes
        }
      }
    }
  }
}

private func listing(of folder: String) -> [(name: String, isFolder: Bool)]? {
  guard let stream = opendir(folder) else { return nil }
  defer { closedir(stream) }
  var entries: [(name: String, isFolder: Bool)] = []
  while let entry = readdir(stream) {
    let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
      pointer.withMemoryRebound(to: UInt8.self, capacity: 256) {
        String(validatingCString: UnsafeRawPointer($0).assumingMemoryBound(to: CChar.self))
      }
    }
    guard let name, name != ".", name != ".." else { continue }
    switch Int(entry.pointee.d_type) {
    case Int(DT_DIR): if !name.hasPrefix(".") { entries.append((name, true)) }
    case Int(DT_REG): entries.append((name, false))
    // Some file systems do not say what an entry is.
    case Int(DT_UNKNOWN):
      var status = stat()
      guard lstat("\(folder)/\(name)", &status) == 0 else { continue }
      if status.st_mode & S_IFMT == S_IFDIR { entries.append((name, true)) }
      if status.st_mode & S_IFMT == S_IFREG { entries.append((name, false)) }
    default: break
    }
  }
  return entries
}
