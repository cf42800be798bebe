import FoundationEssentials
import Glibc

/// A bare repository with files on main, made by the git program.
struct SeedRepository {
  let path: String

  /// - Parameter fill: writes the files, by path and text.
  init(path: String, fill: ((String, String) throws -> Void) throws -> Void) throws {
    self.path = path
    let work = path + "-work"
    try git("init", "-q", "--bare", "--initial-branch=main", path)
    try git("init", "-q", "--initial-branch=main", work)
    try fill { name, text in
      let file = "\(work)/\(name)"
      let folder = file.split(separator: "/", omittingEmptySubsequences: false).dropLast()
        .joined(separator: "/")
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
      try Data(text.utf8).write(to: URL(filePath: file))
    }
    try git("-C", work, "add", "-A")
    try git(
      "-C", work, "-c", "user.name=Ada", "-c", "user.email=ada@example.com", "commit", "-q", "-m",
      "contracts")
    try git("-C", work, "push", "-q", path, "main")
  }

  /// Commits one after another on main, each with its files, by path and text.
  func land(_ commits: [[(String, String)]]) throws {
    var stream = ""
    for (number, files) in commits.enumerated() {
      stream += "commit refs/heads/main\ncommitter Ada <ada@example.com> \(number) +0000\ndata 5\nmerge\n"
      if number == 0 { stream += "from refs/heads/main^0\n" }
      for (name, text) in files { stream += "M 100644 inline \(name)\ndata \(text.utf8.count)\n\(text)\n" }
    }
    try Data(stream.utf8).write(to: URL(filePath: path + "-stream"))
    try git("-C", path, "fast-import", "--quiet", reading: path + "-stream")
  }
}

/// - Parameter file: what it reads as its standard input.
private func git(_ arguments: String..., reading file: String = "/dev/null") throws {
  var list: [UnsafeMutablePointer<CChar>?] = (["git"] + arguments).map { strdup($0) } + [nil]
  defer { for item in list { free(item) } }
  var actions = posix_spawn_file_actions_t()
  posix_spawn_file_actions_init(&actions)
  defer { posix_spawn_file_actions_destroy(&actions) }
  posix_spawn_file_actions_addopen(&actions, 0, file, O_RDONLY, 0)
  var process = pid_t()
  guard posix_spawnp(&process, "git", &actions, nil, &list, environ) == 0 else {
    throw BenchmarkError(description: "git cannot be run")
  }
  var status: Int32 = 0
  waitpid(process, &status, 0)
  if status != 0 { throw BenchmarkError(description: "git \(arguments.joined(separator: " "))") }
}
