/// Which part of a version goes up.
package enum VersionPart: Hashable, Sendable {
  case major, minor, patch
}

/// The next version; what is not three numbers stays as it is.
package func bumped(_ version: String, by part: VersionPart) -> String {
  let parts = version.split(separator: ".", omittingEmptySubsequences: false).map { Int($0) }
  guard parts.count == 3, let major = parts[0], let minor = parts[1], let patch = parts[2],
    major >= 0, minor >= 0, patch >= 0, major < 1_000_000, minor < 1_000_000, patch < 1_000_000
  else { return version }
  return switch part {
  case .major: "\(major + 1).0.0"
  case .minor: "\(major).\(minor + 1).0"
  case .patch: "\(major).\(minor).\(patch + 1)"
  }
}

/// What a contract's edits ask of its version: one pull request bumps once, by its worst change.
///
/// Major where a reader breaks; minor where columns come, go or take another type; patch for what only describes.
func versionPart(of edits: [ContractEdit], worst: ReaderEffect) -> VersionPart {
  if worst == .breaking { return .major }
  let onlyDescribes = edits.allSatisfy { edit in
    switch edit {
    case .setClassification, .setSourceColumn, .redirect, .setVersion: true
    case .addColumn, .setType, .setRequired, .setUnique, .setPrimaryKey, .setDeprecated, .setPromised, .setEnabled,
      .setHashed, .deprecateTable, .setTableEnabled, .setSyncMode, .setTableKind:
      false
    }
  }
  return onlyDescribes ? .patch : .minor
}
