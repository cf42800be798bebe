import DriftCore

/// Branches of proposals lie under this prefix; nothing but them, `refusalsBranch` and what people lose by a new draft, below
/// `keptBranchPrefix`, is ever pushed.
package let branchPrefix = "mooring/"

/// Whether a branch is one that Mooring writes.
package func isBranchOfOurs(_ name: String) -> Bool { name.hasPrefix(branchPrefix) || name == refusalsBranch }

private let longestBranchName = 200

/// Refuses what is neither `refusalsBranch` nor a plain branch name under one of our prefixes: lower case letters, digits, `.`, `_`, `-` between slashes.
package func checkBranchName(_ name: String) throws(GitError) {
  func refuse(_ finding: String) -> GitError {
    GitError(
      .badBranchName, "naming a branch", at: "\"\(name)\"", finding,
      wayOut: "use \(branchPrefix) and then only a-z, 0-9, \".\", \"_\", \"-\" between slashes")
  }
  if name == refusalsBranch { return }
  guard name.hasPrefix(branchPrefix) || name.hasPrefix(keptBranchPrefix) else {
    throw refuse("does not begin with \(branchPrefix); no other branch is ever written")
  }
  if name.utf8.count > longestBranchName { throw refuse("is longer than \(longestBranchName) bytes") }
  for part in name.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false) {
    guard let first = part.first, let last = part.last else { throw refuse("has an empty part") }
    let text = String(decoding: part, as: UTF8.self)
    if first == UInt8(ascii: "-") || first == UInt8(ascii: ".") {
      throw refuse("has a part that begins with \"-\" or \".\"")
    }
    if last == UInt8(ascii: ".") || text.hasSuffix(".lock") || text.contains("..") {
      throw refuse("has a part that git does not allow: \"\(text)\"")
    }
    let isPlain = part.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
        UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-"):
        true
      default: false
      }
    }
    if !isPlain { throw refuse("holds other characters in \"\(text)\"") }
  }
}
