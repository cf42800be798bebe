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
    useHugePages(for: UnsafeMutableRawBufferPointer(buffer))
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

/// Asks the kernel to back a large buffer with huge pages: a fault for each 4 KiB costs more than what fills them.
private func useHugePages(for buffer: UnsafeMutableRawBufferPointer) {
  let size = 2 << 20
  guard let base = buffer.baseAddress else { return }
  let first = base.alignedUp(toMultipleOf: size)
  let count = (base + buffer.count - first) / size * size
  // Advice: where it is not taken, nothing is lost.
  if count > 0 { _ = madvise(first, count, MADV_HUGEPAGE) }
}
