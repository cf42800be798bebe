import Foundation

/// Runs a program of the machine to its end, without any input; returns its status and what it said on errors.
package func runProgram(
  _ name: String, _ arguments: [String], in folder: String
) throws -> (status: Int32, errors: String) {
  let process = ChildProcess()
  process.arguments = [name] + arguments
  process.currentDirectoryURL = URL(fileURLWithPath: folder)
  process.standardInput = .nothing
  process.standardOutput = .nothing
  let errors = Pipe()
  process.standardError = .pipe(errors)
  try process.run()
  let bytes = errors.fileHandleForReading.readDataToEndOfFile()
  process.waitUntilExit()
  return (process.terminationStatus, String(decoding: bytes, as: UTF8.self))
}

/// Whether a program is on this machine; where it is not, says on standard output what is skipped.
package func isHere(_ program: String, for what: String) -> Bool {
  let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin").split(separator: ":")
  if folders.contains(where: { FileManager.default.isExecutableFile(atPath: "\($0)/\(program)") }) { return true }
  print("skipped: \(what), because there is no program \(program)")
  return false
}
