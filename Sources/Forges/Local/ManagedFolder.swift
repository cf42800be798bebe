import Files
import Glibc

/// A folder whose files are each whole: written beside, synced, then renamed over the old one.
struct ManagedFolder {
  let path: String
  let activity: String

  /// Does the work while no other process writes here. The lock is the folder's own and ends with the process.
  func locked<Value>(_ work: () throws(ForgeError) -> Value) throws(ForgeError) -> Value {
    if mkdir(path, 0o755) != 0 && errno != EEXIST { throw failed(path) }
    let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    if descriptor < 0 { throw failed(path) }
    defer { close(descriptor) }
    while flock(descriptor, LOCK_EX) != 0 {
      if errno != EINTR { throw failed(path) }
    }
    return try work()
  }

  /// The names in the folder, sorted; none where there is no folder.
  func names() throws(ForgeError) -> [String] {
    guard let stream = opendir(path) else {
      if errno == ENOENT { return [] }
      throw failed(path)
    }
    defer { closedir(stream) }
    var names: [String] = []
    while let entry = readdir(stream) {
      names.append(
        withUnsafePointer(to: &entry.pointee.d_name) {
          $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
        })
    }
    return names.sorted()
  }

  /// The bytes of a file; nil where there is none. A link or anything else that is no file is refused.
  func read(_ name: String) throws(ForgeError) -> [UInt8]? {
    guard try exists(name) else { return nil }
    let file = "\(path)/\(name)"
    let descriptor = open(file, O_RDONLY | O_NOFOLLOW | O_CLOEXEC)
    if descriptor < 0 {
      if errno == ENOENT { return nil }
      throw failed(file)
    }
    defer { close(descriptor) }
    var bytes: [UInt8] = []
    var part = [UInt8](repeating: 0, count: 65_536)
    while true {
      let count = Glibc.read(descriptor, &part, part.count)
      if count < 0, errno == EINTR { continue }
      if count < 0 { throw failed(file) }
      if count == 0 { return bytes }
      bytes += part[..<count]
    }
  }

  func exists(_ name: String) throws(ForgeError) -> Bool {
    let file = "\(path)/\(name)"
    var status = stat()
    if lstat(file, &status) != 0 {
      if errno == ENOENT { return false }
      throw failed(file)
    }
    if status.st_mode & S_IFMT == S_IFREG { return true }
    throw ForgeError(
      .notAFile, activity, at: file, "a link or a folder lies where a file of Mooring's belongs",
      wayOut: "move it away")
  }

  /// Writes a file whole or not at all; a file that already holds these bytes stays as it is.
  func write(_ bytes: [UInt8], to name: String) throws(ForgeError) {
    if try read(name) == bytes { return }
    let file = "\(path)/\(name)"
    do throws(DiskError) {
      // The writers take turns, so one name beside it will do.
      try writeDurably(bytes, to: file, beside: "\(path)/.\(name).tmp", mode: 0o644)
    } catch {
      throw failed(file, error.number)
    }
  }

  private func failed(_ file: String, _ number: Int32 = errno) -> ForgeError {
    ForgeError(.system(number), activity, at: file, String(cString: strerror(number)))
  }
}
