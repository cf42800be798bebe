import CGit2
import DriftCore

/// Reads tree objects as bytes: a listing of thousands of folders costs one read each and no objects of libgit2's.
struct TreeReader {
  let database: OpaquePointer
  let activity: Activity

  struct Entry: Equatable {
    enum Kind {
      case file, folder, other
    }

    let name: [UInt8]
    let kind: Kind
    let id: ObjectID
  }

  /// More files than any contract repository has; a small tree can name itself so often that it would never end.
  private static let mostFiles = 500_000
  private static let deepest = 64

  /// Every regular file under a tree whose path is UTF-8.
  func files(of tree: ObjectID) throws(GitError) -> [String: BlobID] {
    var files: [String: BlobID] = [:]
    try list(tree, under: "", depth: 0) { (path, id) throws(GitError) in
      if files.updateValue(BlobID(id.hexadecimal), forKey: path) != nil {
        throw activity.error(
          .badPath, "two paths differ only in how their letters are composed: \"\(path)\"",
          wayOut: "rename one of them")
      }
      if files.count > Self.mostFiles {
        throw activity.error(.badPath, "the tree has more than \(Self.mostFiles) files")
      }
    }
    return files
  }

  /// The paths whose regular file differs between two trees; nil where `target` has none. A nil source is empty.
  func changes(from source: ObjectID?, to target: ObjectID) throws(GitError) -> [String: BlobID?] {
    var changes: [String: BlobID?] = [:]
    try compare(source, target, under: "", depth: 0, into: &changes)
    return changes
  }

  /// Trees and blobs that `target` has and `source`, compared folder by folder, has not, each once: folders first.
  func objects(of target: ObjectID, beyond source: ObjectID?) throws(GitError) -> [ObjectID] {
    var folders: [ObjectID] = []
    var files: [ObjectID] = []
    var seen: Set<ObjectID> = []
    try collect(target, source, depth: 0) { id, kind in
      guard seen.insert(id).inserted else { return }
      if kind == .folder { folders.append(id) } else { files.append(id) }
    }
    return folders + files
  }

  private func list(
    _ tree: ObjectID, under prefix: String, depth: Int,
    _ body: (String, ObjectID) throws(GitError) -> Void
  ) throws(GitError) {
    for entry in try entries(of: tree, depth: depth) {
      guard entry.kind != .other, let name = String(validating: entry.name, as: UTF8.self) else {
        continue
      }
      let path = prefix + name
      if entry.kind == .file {
        try body(path, entry.id)
      } else {
        try list(entry.id, under: path + "/", depth: depth + 1, body)
      }
    }
  }

  private func compare(
    _ source: ObjectID?, _ target: ObjectID?, under prefix: String, depth: Int,
    into changes: inout [String: BlobID?]
  ) throws(GitError) {
    if source == target { return }
    var (before, after) = try differing(source, target, depth: depth)
    for entry in after {
      let old = before.removeValue(forKey: entry.name)
      guard let name = String(validating: entry.name, as: UTF8.self) else { continue }
      let path = prefix + name
      let oldFolder = old.flatMap { $0.kind == .folder ? $0.id : nil }
      let newFolder = entry.kind == .folder ? entry.id : nil
      try compare(oldFolder, newFolder, under: path + "/", depth: depth + 1, into: &changes)
      if entry.kind == .file {
        changes[path] = .some(BlobID(entry.id.hexadecimal))
      } else if old?.kind == .file {
        changes[path] = .some(nil)
      }
    }
    for (bytes, old) in before {
      guard let name = String(validating: bytes, as: UTF8.self) else { continue }
      let path = prefix + name
      switch old.kind {
      case .file: changes[path] = .some(nil)
      case .folder: try compare(old.id, nil, under: path + "/", depth: depth + 1, into: &changes)
      case .other: break
      }
    }
  }

  private func collect(
    _ target: ObjectID, _ source: ObjectID?, depth: Int, _ body: (ObjectID, Entry.Kind) -> Void
  ) throws(GitError) {
    if target == source { return }
    body(target, .folder)
    let (before, after) = try differing(source, target, depth: depth)
    for entry in after {
      let old = before[entry.name]
      switch entry.kind {
      case .file: body(entry.id, .file)
      case .folder:
        let oldFolder = old.flatMap { $0.kind == .folder ? $0.id : nil }
        try collect(entry.id, oldFolder, depth: depth + 1, body)
      // A link's text travels like a file; a submodule's commit lies elsewhere and is never asked for.
      case .other: body(entry.id, .other)
      }
    }
  }

  /// The entries of two folders without those that both have. Folders are sorted by name, so most of them are passed over
  /// in step.
  private func differing(
    _ source: ObjectID?, _ target: ObjectID?, depth: Int
  ) throws(GitError) -> (before: [[UInt8]: Entry], after: [Entry]) {
    let old = try entries(of: source, depth: depth)
    let new = try entries(of: target, depth: depth)
    var before: [Entry] = []
    var after: [Entry] = []
    var (left, right) = (0, 0)
    while left < old.count, right < new.count {
      if old[left] == new[right] {
        left += 1
        right += 1
      } else if old[left].name.lexicographicallyPrecedes(new[right].name) {
        before.append(old[left])
        left += 1
      } else if new[right].name.lexicographicallyPrecedes(old[left].name) {
        after.append(new[right])
        right += 1
      } else {
        before.append(old[left])
        after.append(new[right])
        left += 1
        right += 1
      }
    }
    before += old[left...]
    after += new[right...]
    let named = Dictionary(before.map { ($0.name, $0) }, uniquingKeysWith: { $1 })
    return (named, after.filter { named[$0.name] != $0 })
  }

  private func entries(of tree: ObjectID?, depth: Int) throws(GitError) -> [Entry] {
    guard let tree else { return [] }
    if depth > Self.deepest {
      throw activity.error(.badPath, "folders lie more than \(Self.deepest) deep")
    }
    var id = tree.git
    var object: OpaquePointer?
    try activity.check(git_odb_read(&object, database, &id))
    defer { git_odb_object_free(object) }
    guard git_odb_object_type(object) == GIT_OBJECT_TREE, let data = git_odb_object_data(object)
    else { throw activity.error(.missingObject, "\(tree.hexadecimal) is no tree") }
    let bytes = UnsafeRawBufferPointer(start: data, count: git_odb_object_size(object))
    guard let entries = parse(bytes) else {
      throw activity.error(.missingObject, "tree \(tree.hexadecimal) is damaged")
    }
    return entries
  }

  /// Entries stand one after another: mode in octal, a space, the name, a zero byte, 20 bytes of id.
  private func parse(_ bytes: UnsafeRawBufferPointer) -> [Entry]? {
    var entries: [Entry] = []
    var index = 0
    while index < bytes.count {
      var mode = 0
      while index < bytes.count, bytes[index] != UInt8(ascii: " ") {
        guard (UInt8(ascii: "0")...UInt8(ascii: "7")).contains(bytes[index]), mode < 1 << 20 else {
          return nil
        }
        mode = mode << 3 | Int(bytes[index] - UInt8(ascii: "0"))
        index += 1
      }
      index += 1
      let start = index
      while index < bytes.count, bytes[index] != 0 { index += 1 }
      let end = index
      index += 21
      if index > bytes.count || end == start { return nil }
      let kind: Entry.Kind
      switch mode >> 12 {
      case 0o10: kind = .file
      case 0o04: kind = .folder
      default: kind = .other
      }
      entries.append(
        Entry(
          name: Array(bytes[start..<end]), kind: kind,
          id: ObjectID(raw: UnsafeRawBufferPointer(rebasing: bytes[(end + 1)..<index]))))
    }
    return entries
  }
}
