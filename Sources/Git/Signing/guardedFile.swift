import Glibc

/// Reads a file that decides what is signed or trusted: ours or the administrator's, and open to others no further than
/// `mode`, which is 0o600 or 0o644.
func guardedFile(_ path: String, largest: Int, mode: mode_t, _ activity: Activity) throws(GitError) -> String {
  let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
  if descriptor < 0 { throw activity.system(path) }
  defer { close(descriptor) }
  var status = stat()
  if fstat(descriptor, &status) != 0 { throw activity.system(path) }
  guard status.st_mode & S_IFMT == S_IFREG, status.st_size <= largest else {
    throw activity.error(.key, "it is no file of at most \(largest / 1_024) KiB")
  }
  guard status.st_uid == geteuid() || status.st_uid == 0 else {
    throw activity.error(
      .key, "it belongs to user \(status.st_uid), and this process runs as \(geteuid())", wayOut: "change its owner")
  }
  if status.st_mode & 0o077 & ~mode != 0 {
    let may = mode & 0o044 == 0 ? "read" : "write"
    throw activity.error(.key, "others may \(may) it", wayOut: "chmod \(String(mode, radix: 8)) \(path)")
  }
  var text: [UInt8] = []
  while true {
    var part = [UInt8](repeating: 0, count: 65_536)
    let count = read(descriptor, &part, part.count)
    if count < 0 { throw activity.system(path) }
    if count == 0 { return String(decoding: text, as: UTF8.self) }
    text += part[..<count]
    if text.count > largest { throw activity.error(.key, "it grows while it is read") }
  }
}
