/// A commit's hexadecimal id.
package struct CommitID: ExactName {
  package let text: String
  package init(_ text: String) { self.text = text }
}

/// A blob's hexadecimal id: equal ids are equal bytes.
package struct BlobID: ExactName {
  package let text: String
  package init(_ text: String) { self.text = text }
}

/// The files of one commit, by path. Links, submodules and names that are not UTF-8 are left out.
package struct RepositoryTree: Hashable, Sendable {
  package var commit: CommitID
  package var files: [String: BlobID]

  package init(commit: CommitID, files: [String: BlobID]) {
    self.commit = commit
    self.files = files
  }
}

/// A branch under `mooring/`.
package struct Branch: Hashable, Sendable {
  package var name: String
  package var tip: CommitID
  /// The commit of the protected branch that it started from; nil where there is none.
  package var base: CommitID?
  /// The tip is a single commit that Mooring wrote: its trailer certifies parent and tree. Else a person touched it.
  package var isOurs: Bool
  /// Paths that differ between `base` and `tip`; a nil blob is a deletion.
  package var changes: [String: BlobID?]

  package init(
    name: String, tip: CommitID, base: CommitID?, isOurs: Bool, changes: [String: BlobID?]
  ) {
    self.name = name
    self.tip = tip
    self.base = base
    self.isOurs = isOurs
    self.changes = changes
  }
}

/// A file that a proposal writes; nil text removes it.
package struct FileEdit: Hashable, Sendable {
  package var path: String
  package var bytes: [UInt8]?

  package init(path: String, bytes: [UInt8]?) {
    self.path = path
    self.bytes = bytes
  }
}

/// A commit to be made on top of `base`. Its time is the base's, so the same draft is the same id.
package struct CommitDraft: Hashable, Sendable {
  package var base: CommitID
  package var message: String
  package var edits: [FileEdit]

  package init(base: CommitID, message: String, edits: [FileEdit]) {
    self.base = base
    self.message = message
    self.edits = edits
  }
}

/// A move of one remote branch, which holds only if the branch is still at `expected` (nil: does not exist).
package struct RefUpdate: Hashable, Sendable {
  package var branch: String
  package var expected: CommitID?
  /// Nil deletes the branch.
  package var target: CommitID?

  package init(branch: String, expected: CommitID?, target: CommitID?) {
    self.branch = branch
    self.expected = expected
    self.target = target
  }
}

package enum RefOutcome: Hashable, Sendable {
  case updated
  /// Somebody else moved the branch; nothing was written.
  case leaseLost(found: CommitID?)
  /// The remote refused, in its own words.
  case refused(String)
}
