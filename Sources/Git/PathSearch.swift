import CGit2

/// Looks the same paths up in one tree after another. Folders that are as they were in the tree before are not opened.
struct PathSearch {
  private final class Place {
    var parts: [String: Place] = [:]
    /// The path that ends here.
    var path: String?
    /// What the last tree had here; nil: nothing.
    var found: Entry?
  }

  private struct Entry: Equatable {
    var mode: UInt32
    var id: ObjectID
  }

  private let root = Place()
  /// By path, what the last tree had there.
  private var objects: [String: String] = [:]

  init(_ paths: [String]) {
    for path in paths {
      let place = path.split(separator: "/").map(String.init).reduce(root) { place, part in
        let next = place.parts[part] ?? Place()
        place.parts[part] = next
        return next
      }
      place.path = path
    }
  }

  /// The object at each path that the tree has, and what kind of entry it is.
  mutating func objects(
    in tree: Handle, of repository: OpaquePointer, _ activity: Activity
  ) throws(GitError) -> [String: String] {
    try look(below: root, in: tree.raw, of: repository, activity)
    return objects
  }

  private mutating func look(
    below place: Place, in tree: OpaquePointer?, of repository: OpaquePointer, _ activity: Activity
  ) throws(GitError) {
    for (name, next) in place.parts {
      let entry = tree.flatMap { git_tree_entry_byname($0, name) }
      let found = entry.flatMap { entry in
        git_tree_entry_id(entry).map { Entry(mode: git_tree_entry_filemode(entry).rawValue, id: $0.pointee.objectID) }
      }
      if found == next.found { continue }
      next.found = found
      if let path = next.path { objects[path] = found.map { "\($0.mode) \($0.id.hexadecimal)" } }
      if next.parts.isEmpty { continue }
      guard let entry, git_tree_entry_type(entry) == GIT_OBJECT_TREE else {
        try look(below: next, in: nil, of: repository, activity)
        continue
      }
      let folder = try Handle(activity, free: git_tree_free) {
        git_tree_lookup(&$0, repository, git_tree_entry_id(entry))
      }
      try look(below: next, in: folder.raw, of: repository, activity)
    }
  }
}
