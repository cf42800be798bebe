import ArgumentParser

struct Audit: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "audit",
    abstract: "The audit log of a destination: take it out, and hold it against itself.",
    subcommands: [AuditExport.self, AuditVerify.self])
}
