import Glibc

/// Writes whole texts to the standard streams; a stream that is gone is ignored.
enum FileHandleOutput {
  static func standardError(_ text: String) { write(text, to: 2) }
  static func standardOutput(_ text: String) { write(text, to: 1) }

  private static func write(_ text: String, to descriptor: Int32) {
    var bytes = Array(text.utf8)[...]
    while !bytes.isEmpty {
      let count = bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      if count <= 0 { return }
      bytes = bytes.dropFirst(count)
    }
  }
}
