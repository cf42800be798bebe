import DriftCore
import Git
import TestSupport

/// A repository that Mooring pushes to, made by the real git, with one commit on main.
final class Origin: Sendable {
  let folder: TemporaryFolder
  let git: GitProgram
  let isBare: Bool

  /// A working copy with `files` in `main`; `bare` makes a bare repository of it.
  init(bare: Bool = false, files: [String: String] = ["contracts/mooring.yaml": "version: 1\n"])
    throws
  {
    folder = try TemporaryFolder("git")
    isBare = bare
    for (path, text) in files { try folder.write(text, to: "work/\(path)") }
    let work = GitProgram(in: folder.path("work"))
    try work("init", "-q", "-b", "main")
    try work("add", "-A")
    try work("commit", "-q", "-m", "first")
    if bare {
      try GitProgram(in: folder.path)("clone", "-q", "--bare", "work", "bare.git")
    }
    git = GitProgram(in: folder.path(bare ? "bare.git" : "work"))
  }

  var path: String { folder.path(isBare ? "bare.git" : "work") }

  func repository(clone: String = "clone", branch: String = "main") -> GitRepository {
    GitRepository(remote: path, clone: folder.path(clone), branch: branch)
  }

  /// Puts a shell script into a bare repository's hooks.
  func hook(_ name: String, _ script: String) throws {
    let path = try folder.write("#!/bin/sh\n\(script)\n", to: "bare.git/hooks/\(name)")
    try makeExecutable(path)
  }

  func tip(of branch: String) throws -> CommitID {
    CommitID(try git("rev-parse", "refs/heads/\(branch)"))
  }

  /// Names of what keeps a lock in the clone or the remote.
  func locks() throws -> [String] {
    try folder.names().filter { $0.hasSuffix(".lock") && !$0.hasSuffix("mooring.lock") }
  }
}

func edit(_ path: String, _ text: String?) -> FileEdit {
  FileEdit(path: path, bytes: text.map { Array($0.utf8) })
}
