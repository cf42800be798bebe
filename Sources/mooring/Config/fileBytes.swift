import Glibc

/// A whole file in one buffer, without a copy; nil where it cannot be read.
///
/// - Parameter limit: of a longer file, only so many bytes are read.
func fileBytes(_ path: String, atMost limit: Int = Int.max) -> [UInt8]? {
  let descriptor = open(path, O_RDONLY | O_CLOEXEC)
  guard descriptor >= 0 else { return nil }
  defer { close(descriptor) }
  var status = stat()
  guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
  var failed = false
  let bytes = [UInt8](unsafeUninitializedCapacity: min(limit, Int(status.st_size))) { buffer, count in
    count = 0
    while count < buffer.count {
      let read = read(descriptor, buffer.baseAddress.map { $0 + count }, buffer.count - count)
      if read < 0, errno == EINTR { continue }
      if read < 0 { failed = true }
      if read <= 0 { break }
      count += read
    }
  }
  return failed ? nil : bytes
}
