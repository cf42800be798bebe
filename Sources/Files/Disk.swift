package import Glibc

/// What writing a file takes of the operating system. A power cut loses what was not synced.
package protocol Disk {
  /// A new file for writing; whatever had the name goes, and no link is followed.
  func create(_ path: String, mode: mode_t) throws(DiskError) -> Int32
  func openFolder(_ path: String) throws(DiskError) -> Int32
  /// All of the bytes.
  func write(_ bytes: [UInt8], to descriptor: Int32) throws(DiskError)
  func sync(_ descriptor: Int32) throws(DiskError)
  func rename(_ path: String, to other: String) throws(DiskError)
  func close(_ descriptor: Int32)
}

/// What the operating system said.
package struct DiskError: Error, Hashable, Sendable {
  /// Its `errno`.
  package var number: Int32

  package init(_ number: Int32) { self.number = number }
}

/// The disk of this machine.
package struct MachineDisk: Disk {
  package init() {}

  package func create(_ path: String, mode: mode_t) throws(DiskError) -> Int32 {
    unlink(path)
    return try opened(Glibc.open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode))
  }

  package func openFolder(_ path: String) throws(DiskError) -> Int32 {
    try opened(Glibc.open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC))
  }

  package func write(_ bytes: [UInt8], to descriptor: Int32) throws(DiskError) {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      if count < 0 { throw DiskError(errno) }
      rest = rest.dropFirst(count)
    }
  }

  package func sync(_ descriptor: Int32) throws(DiskError) {
    if fsync(descriptor) != 0 { throw DiskError(errno) }
  }

  package func rename(_ path: String, to other: String) throws(DiskError) {
    if Glibc.rename(path, other) != 0 { throw DiskError(errno) }
  }

  package func close(_ descriptor: Int32) { _ = Glibc.close(descriptor) }

  private func opened(_ descriptor: Int32) throws(DiskError) -> Int32 {
    if descriptor < 0 { throw DiskError(errno) }
    return descriptor
  }
}
