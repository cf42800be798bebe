import Glibc
import JSON

/// A whole file where the kernel has it, for documents that are large and read once: to read it into memory of our own costs
/// more than to check every byte. Nil where it cannot be read.
///
/// Whoever shortens the file meanwhile takes bytes away that are being read, which the kernel answers with a signal: the
/// program then ends with one line, for it has nothing to lose.
func mappedBytes(_ path: String) -> JSONBytes? {
  let descriptor = open(path, O_RDONLY | O_CLOEXEC)
  guard descriptor >= 0 else { return nil }
  defer { close(descriptor) }
  var status = stat()
  guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
  let size = Int(status.st_size)
  if size == 0 { return JSONBytes([]) }
  guard let start = mmap(nil, size, PROT_READ, MAP_PRIVATE | MAP_POPULATE, descriptor, 0), start != MAP_FAILED else {
    return nil
  }
  signal(SIGBUS) { _ in
    let words: StaticString = "error: a file became shorter while it was read; try again when nobody writes it\n"
    _ = write(2, words.utf8Start, words.utf8CodeUnitCount)
    _exit(1)
  }
  return JSONBytes(UnsafeBufferPointer(start: start.assumingMemoryBound(to: UInt8.self), count: size)) { bytes in
    munmap(UnsafeMutableRawPointer(mutating: bytes.baseAddress), bytes.count)
  }
}
