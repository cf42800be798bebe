/// A commit object taken apart: the signature, and the bytes that it was made over.
struct SignedCommit {
  /// Nil where there is none.
  let signature: String?
  /// The object without the signature.
  let payload: [UInt8]
  /// Seconds since 1970, as the committer says.
  let time: Int64

  /// Nil where the object is not a commit in git's form, or has more than one signature.
  init?(_ object: [UInt8]) {
    var signature: [UInt8]?
    var payload: [UInt8] = []
    var time: Int64?
    var isInSignature = false
    var rest = object[...]
    while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
      let line = rest[..<end]
      let whole = rest[...end]
      rest = rest[rest.index(after: end)...]
      if line.isEmpty {
        payload += whole
        break
      }
      if line.first == UInt8(ascii: " ") {
        if isInSignature { signature? += line.dropFirst() + [UInt8(ascii: "\n")] } else { payload += whole }
        continue
      }
      isInSignature = line.starts(with: Array("gpgsig ".utf8))
      if isInSignature {
        if signature != nil { return nil }
        signature = Array(line.dropFirst(7)) + [UInt8(ascii: "\n")]
        continue
      }
      // A signature over another object format would be left out of what is signed by some readers and not by others.
      if line.starts(with: Array("gpgsig".utf8)) { return nil }
      if line.starts(with: Array("committer ".utf8)) {
        if time != nil { return nil }
        time = Self.time(line)
      }
      payload += whole
    }
    guard let time else { return nil }
    self.signature = signature.map { String(decoding: $0, as: UTF8.self) }
    self.payload = payload + rest
    self.time = time
  }

  /// `committer NAME <EMAIL> SECONDS ZONE`.
  private static func time(_ line: ArraySlice<UInt8>) -> Int64? {
    guard let bracket = line.lastIndex(of: UInt8(ascii: ">")) else { return nil }
    let words = line[line.index(after: bracket)...].split(separator: UInt8(ascii: " "))
    guard words.count == 2, let seconds = words.first else { return nil }
    return Int64(String(decoding: seconds, as: UTF8.self)).flatMap { $0 >= 0 && $0 < 1 << 40 ? $0 : nil }
  }
}
