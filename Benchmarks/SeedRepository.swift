import FoundationEssentials
import Glibc

/// A bare repository of contracts, made by the git program.
struct SeedRepository {
  let count: Int

  init(path: String, contracts: Int) throws {
    count = contracts
    let work = path + "-work"
    try git("init", "-q", "--bare", "--initial-branch=main", path)
    try git("init", "-q", "--initial-branch=main", work)
    for index in 0..<contracts {
      let file = "\(work)/\(self.path(index))"
      let folder = file.split(separator: "/", omittingEmptySubsequences: false).dropLast()
        .joined(separator: "/")
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
      try Data(text(index).utf8).write(to: URL(filePath: file))
    }
    try git("-C", work, "add", "-A")
    try git(
      "-C", work, "-c", "user.name=Ada", "-c", "user.email=ada@example.com", "commit", "-q", "-m",
      "contracts")
    try git("-C", work, "push", "-q", path, "main")
  }

  func path(_ index: Int) -> String {
    "contracts/connection_\(index / 100)/schema.table_\(index)/contract.odcs.yaml"
  }

  func text(_ index: Int) -> String {
    var text = "apiVersion: v3.2.0\nkind: DataContract\nid: contract-\(index)\n"
    for column in 0..<50 {
      text += "      - id: col_\(column)\n        name: column_\(column)\n        physicalType: text\n"
    }
    return text
  }
}

private func git(_ arguments: String...) throws {
  var list: [UnsafeMutablePointer<CChar>?] = (["git"] + arguments).map { strdup($0) } + [nil]
  defer { for item in list { free(item) } }
  var process = pid_t()
  guard posix_spawnp(&process, "git", nil, nil, &list, environ) == 0 else {
    throw BenchmarkError(description: "git cannot be run")
  }
  var status: Int32 = 0
  waitpid(process, &status, 0)
  if status != 0 { throw BenchmarkError(description: "git \(arguments.joined(separator: " "))") }
}
