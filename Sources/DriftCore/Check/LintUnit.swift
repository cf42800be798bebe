/// The files of a contracts folder that are judged together: those of one table's folder, or a `connection.yaml`.
///
/// What is found in a unit depends on nothing but what is in here, so that it can be remembered.
package struct LintUnit: Sendable {
  /// The table's folder; of a `connection.yaml` its own path.
  package let path: String
  /// The warehouse that the connection lands in; nil where no `mooring.yaml` tells.
  package let dialect: Dialect?
  /// By path.
  package fileprivate(set) var files: [String: [UInt8]] = [:]

  /// The connection's folder.
  var connection: String { parentFolder(of: path) }
}

/// The units among files of a contracts folder, ordered by path, and what is wrong with each `mooring.yaml`, which is
/// read first because it says whose types and statements the others hold.
package func lintUnits(
  among files: [String: [UInt8]]
) -> (units: [LintUnit], findings: [Diagnostic]) {
  var findings: [Diagnostic] = []
  var dialects: [String: Dialect] = [:]
  for path in files.keys.sorted() where fileName(of: path) == "mooring.yaml" {
    let (project, problems) = parseProject(files[path] ?? [], path: path)
    findings += capped(problems)
    if let project { dialects.merge(project.dialects(root: path)) { first, _ in first } }
  }
  var units: [String: LintUnit] = [:]
  for (path, bytes) in files {
    guard let place = unitPath(of: path) else { continue }
    units[place, default: LintUnit(path: place, dialect: dialects[parentFolder(of: place)])].files[path] = bytes
  }
  return (units.values.sorted { $0.path < $1.path }, findings)
}

/// Nil for what is judged elsewhere, or not at all.
private func unitPath(of path: String) -> String? {
  switch fileName(of: path) {
  case "connection.yaml": path
  case "contract.odcs.yaml", "mapping.yaml": parentFolder(of: path)
  // <connection>/<table>/changes/<change>/change.yaml
  case "change.yaml", "up.sql": parentFolder(of: parentFolder(of: parentFolder(of: path)))
  default: nil
  }
}

func fileName(of path: String) -> Substring { path.split(separator: "/").last ?? "" }

/// Empty for a path without folders.
func parentFolder(of path: String) -> String {
  path.lastIndex(of: "/").map { String(path[..<$0]) } ?? ""
}

extension Project {
  /// By the path of a connection's folder.
  fileprivate func dialects(root path: String) -> [String: Dialect] {
    let root = parentFolder(of: path)
    var dialects: [String: Dialect] = [:]
    for (name, policy) in connections {
      let folder = (root.isEmpty ? "" : root + "/") + slug(name.text)
      dialects[folder] = destinations[policy.destination].flatMap { Dialect.named($0.kind) }
    }
    return dialects
  }
}
