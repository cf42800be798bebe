import Foundation

/// The `git` program as an outside judge, without any setting of the machine.
package struct GitProgram: Sendable {
  package struct Failure: Error, CustomStringConvertible {
    package let description: String
  }

  private let folder: String
  private let name: String
  private let email: String

  /// Runs in `folder`, which must be there. Commits are made under the name given.
  package init(in folder: String, name: String = "Ada", email: String = "ada@example.com") {
    self.folder = folder
    self.name = name
    self.email = email
  }

  /// Runs one command; returns its standard output, without the line feed at the end.
  @discardableResult
  package func callAsFunction(_ arguments: String...) throws -> String {
    let (status, output, errors) = try run(arguments)
    if status == 0 { return output }
    throw Failure(description: "git \(arguments.joined(separator: " ")): \(output)\(errors)")
  }

  /// Runs one command that may end badly.
  package func run(
    _ arguments: [String]
  ) throws -> (status: Int32, output: String, errors: String) {
    let process = ChildProcess()
    process.arguments = ["git"] + arguments
    process.currentDirectoryURL = URL(fileURLWithPath: folder)
    process.environment = [
      "PATH": ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin",
      "HOME": "/nonexistent", "LC_ALL": "C.UTF-8", "TZ": "UTC",
      "GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_GLOBAL": "/dev/null", "GIT_TERMINAL_PROMPT": "0",
      "GIT_AUTHOR_NAME": name, "GIT_AUTHOR_EMAIL": email,
      "GIT_AUTHOR_DATE": "2024-03-01T12:00:00Z",
      "GIT_COMMITTER_NAME": name, "GIT_COMMITTER_EMAIL": email,
      "GIT_COMMITTER_DATE": "2024-03-01T12:00:00Z",
    ]
    process.standardInput = .nothing
    let output = Pipe()
    process.standardOutput = .pipe(output)
    // One pipe is read to its end before the other: what git says on errors is short.
    let errors = Pipe()
    process.standardError = .pipe(errors)
    try process.run()
    let outputBytes = output.fileHandleForReading.readDataToEndOfFile()
    let errorBytes = errors.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    var text = String(decoding: outputBytes, as: UTF8.self)
    if text.hasSuffix("\n") { text.removeLast() }
    return (process.terminationStatus, text, String(decoding: errorBytes, as: UTF8.self))
  }
}
