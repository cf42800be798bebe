import Files
import Glibc

/// A disk in memory that has lost, after a power cut, what was not synced; it also fails on purpose.
final class MemoryDisk: Disk {
  private struct File {
    var bytes: [UInt8] = []
    /// As they are on the platter.
    var kept: [UInt8] = []
  }

  /// What is taken away, to see that a test notices.
  enum Mutation: CaseIterable { case noFileSync, noFolderSync, noFileBeside }

  private var files: [Int32: File] = [:]
  private var names: [String: Int32] = [:]
  private var keptNames: [String: Int32] = [:]
  private var next: Int32 = 1
  private(set) var calls = 0
  /// The call at which the power goes, or which fails once.
  var cutAt: Int?
  var failAt: Int?
  let mutation: Mutation?

  init(_ path: String, holding bytes: [UInt8], mutation: Mutation? = nil) {
    self.mutation = mutation
    files[0] = File(bytes: bytes, kept: bytes)
    names[path] = 0
    keptNames = names
  }

  /// What may be found under a name once the power is back: names may have reached the platter before their sync, and bytes in
  /// part.
  func findings(at path: String) -> [[UInt8]?] {
    [names, keptNames].flatMap { names -> [[UInt8]?] in
      guard let file = names[path].flatMap({ files[$0] }) else { return [nil] }
      return file.bytes == file.kept
        ? [file.kept] : [file.kept, Array(file.bytes.prefix(file.bytes.count / 2)), file.bytes]
    }
  }

  func create(_ path: String, mode: mode_t) throws(DiskError) -> Int32 {
    try call()
    next += 1
    let name = mutation == .noFileBeside ? String(path.dropLast(4)) : path
    files[next] = File()
    names[name] = next
    return next
  }

  func openFolder(_ path: String) throws(DiskError) -> Int32 {
    try call()
    return -1
  }

  func write(_ bytes: [UInt8], to descriptor: Int32) throws(DiskError) {
    try call()
    files[descriptor]?.bytes += bytes
  }

  func sync(_ descriptor: Int32) throws(DiskError) {
    try call()
    if descriptor == -1 {
      if mutation != .noFolderSync { keptNames = names }
    } else if mutation != .noFileSync, let bytes = files[descriptor]?.bytes {
      files[descriptor]?.kept = bytes
    }
  }

  func rename(_ path: String, to other: String) throws(DiskError) {
    try call()
    guard let file = names.removeValue(forKey: path) else { return }
    names[other] = file
  }

  func close(_ descriptor: Int32) {}

  private func call() throws(DiskError) {
    calls += 1
    if let cutAt, calls >= cutAt { throw DiskError(EIO) }
    if calls == failAt { throw DiskError(ENOSPC) }
  }
}
