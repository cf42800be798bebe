import DriftCore
import Glibc

/// What one lint reads, and what of it is told: a contracts folder, or a folder or a file in one.
///
/// A part is judged as the whole would be: with `mooring.yaml`, which says whose types and statements these are, and with
/// the contracts that may promise the same table.
struct LintScope {
  /// By path. Inside what was typed, `path` stands for `shown`.
  private(set) var files: [String: [UInt8]]
  let shown: String
  /// The contracts folder, as paths in `files` spell it; what was typed where no `mooring.yaml` tells.
  let root: String
  private let path: String

  /// Whether all of the contracts folder was typed.
  var isWhole: Bool { path == root }

  init(_ typed: String) throws {
    shown = typed.count > 1 && typed.hasSuffix("/") ? String(typed.dropLast()) : typed
    let name = shown.split(separator: "/").last.map(String.init) ?? ""
    let isFile = ContractState.lints(name)
    let folder = isFile ? parentFolder(of: shown) : shown
    guard let (root, inside) = projectFolder(above: folder) else {
      path = isFile ? "\(folder)/\(name)" : shown
      self.root = folder
      files = try ContractFolder(folder).files
      try check()
      return
    }
    self.root = root
    path = ([root] + inside + (isFile ? [name] : [])).joined(separator: "/")
    guard let connection = inside.first else {
      files = try isFile ? [:] : ContractFolder(root).files
      if isFile { try add(path) }
      try check()
      return
    }
    files = try ContractFolder("\(root)/\(connection)").files
    if inside.count > 1 {
      files = DriftCore.files(judging: "\(root)/\(connection)/\(inside[1])", among: files)
    } else if isFile {
      files = files.filter { $0.key == path }
    }
    try check()
    try add("\(root)/mooring.yaml")
  }

  /// Of what was typed.
  var fileCount: Int { files.keys.count(where: isInside) }

  /// What is wrong inside what was typed, under the paths that its reader knows.
  func told(_ findings: [Diagnostic]) -> [Diagnostic] {
    findings.filter { isInside($0.path) }.map { finding in
      var finding = finding
      finding.path = shown + finding.path.dropFirst(path.count)
      return finding
    }
  }

  private func isInside(_ file: String) -> Bool { file == path || file.hasPrefix(path + "/") }

  private func check() throws {
    if fileCount > 0 || access(shown, F_OK) == 0 { return }
    throw UsageError("\(shown): there is no such file or folder")
  }

  private mutating func add(_ file: String) throws {
    guard let bytes = fileBytes(file, atMost: 2 * readableFileSize) else { throw UsageError("\(file): cannot be read") }
    files[file] = bytes
  }
}

private func parentFolder(of path: String) -> String {
  guard let slash = path.lastIndex(of: "/") else { return "." }
  return slash == path.startIndex ? "/" : String(path[..<slash])
}

/// The nearest folder with a `mooring.yaml`, that one or one above it in the same repository, as seen from the working
/// folder, and the names that lead back from there.
private func projectFolder(above folder: String) -> (root: String, inside: [String])? {
  var parts: [Substring] = []
  for part in absolutePath(folder).split(separator: "/") where part != "." {
    if part == ".." { _ = parts.popLast() } else { parts.append(part) }
  }
  var inside: [String] = []
  while true {
    let here = "/" + parts.joined(separator: "/")
    if access(here + "/mooring.yaml", F_OK) == 0 { return (typed(folder, up: inside.count), inside.reversed()) }
    guard access(here + "/.git", F_OK) != 0, let name = parts.popLast() else { return nil }
    inside.append(String(name))
  }
}

/// A path to a folder some levels above one that is written so.
private func typed(_ folder: String, up levels: Int) -> String {
  var parts = folder.split(separator: "/").filter { $0 != "." }
  for _ in 0..<levels {
    if let last = parts.last, last != ".." { parts.removeLast() } else { parts.append("..") }
  }
  let path = parts.joined(separator: "/")
  return folder.hasPrefix("/") ? "/" + path : path.isEmpty ? "." : path
}
