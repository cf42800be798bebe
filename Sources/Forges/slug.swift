import Cryptography

private let prefix = "mooring/"
private let longest = 150

/// The file name, without ending, of a branch's pull request; nil for a branch that is not ours.
///
/// `mooring/salesforce/green` is `salesforce--green`. Names that would meet another's that way, or that are no plain file
/// names, get a dot and 16 hexadecimal digits of their digest; plain names have no dot.
func slug(of branch: String) -> String? {
  guard branch.hasPrefix(prefix), branch.utf8.count > prefix.utf8.count else { return nil }
  let name = branch.utf8.dropFirst(prefix.utf8.count)
  var slug = ""
  for byte in name {
    switch byte {
    case UInt8(ascii: "/"): slug += "--"
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
      UInt8(ascii: "_"), UInt8(ascii: "-"):
      slug.unicodeScalars.append(Unicode.Scalar(byte))
    default: slug += "_"
    }
  }
  if isPlain(name) { return slug }
  let digest = sha256Hex(branch).prefix(16)
  return "\(slug.prefix(longest)).\(digest)"
}

private func isPlain(_ name: Substring.UTF8View) -> Bool {
  if name.count > longest { return false }
  return name.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false).allSatisfy {
    part in
    let dash = UInt8(ascii: "-")
    if part.isEmpty || part.first == dash || part.last == dash { return false }
    if zip(part, part.dropFirst()).contains(where: { $0 == dash && $1 == dash }) { return false }
    return part.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
        UInt8(ascii: "_"), dash:
        true
      default: false
      }
    }
  }
}
