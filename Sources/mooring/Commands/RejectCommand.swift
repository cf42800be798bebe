import ArgumentParser
import DriftCore
import Glibc

struct Reject: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "reject",
    abstract: "Close a proposal as a \"no\": its findings are not proposed again until they change.")

  @OptionGroup var place: RepositoryOptions
  @Argument(help: "The branch, such as mooring/salesforce/green.")
  var branch: String
  @Option(help: "Why, for those who look later.")
  var reason: String?
  @Option(help: "When the \"no\" ends: 14d, or a day such as 2026-12-31. Default: never.")
  var until: String?

  func run() async throws {
    let now = currentTime()
    let end = try until.map { text in
      guard let end = refusalEnd(text, after: now) else {
        throw UsageError(
          "--until: \"\(visible(text))\" is no time to come", hint: "give a number of days, 14d, or a day, 2026-12-31")
      }
      return end
    }
    let workplace = try await Workplace(place)
    let forge = try Wiring(workplace.project).forge()
    let open = try await forge.pullRequests().filter { $0.state == .open }
    guard let pullRequest = open.first(where: { $0.branch == branch }) else {
      throw UsageError(
        "there is no open proposal \"\(branch)\"",
        hint: open.isEmpty
          ? "none is open" : "open are: \(open.map(\.branch).joined(separator: ", "))")
    }
    try await forge.refuse(pullRequest.id, as: Closing(by: userName(), reason: reason, at: now, until: end))
    let time = end.map { "before \($0), or until they change" } ?? "until they change"
    print("rejected \(branch): \(counted(pullRequest.findings.count, "finding")) will not be proposed again \(time)")
  }
}

/// Whose account this is; nil where the machine does not know.
func userName() -> String? { getpwuid(geteuid()).flatMap { $0.pointee.pw_name }.map { String(cString: $0) } }
