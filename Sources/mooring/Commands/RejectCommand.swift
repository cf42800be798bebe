import ArgumentParser
import DriftCore

struct Reject: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "reject",
    abstract: "Close a proposal as a \"no\": its findings are not proposed again until they change.")

  @OptionGroup var place: RepositoryOptions
  @Argument(help: "The branch, such as mooring/salesforce/green.")
  var branch: String
  @Option(help: "Why, for those who look later.")
  var reason = "rejected on the command line"

  func run() async throws {
    let workplace = try await Workplace(place)
    let forge = try Wiring(workplace.project).forge()
    let open = try await forge.pullRequests().filter { $0.state == .open }
    guard let pullRequest = open.first(where: { $0.branch == branch }) else {
      throw UsageError(
        "there is no open proposal \"\(branch)\"",
        hint: open.isEmpty
          ? "none is open" : "open are: \(open.map(\.branch).joined(separator: ", "))")
    }
    try await forge.refuse(pullRequest.id, because: reason)
    print(
      "rejected \(branch): \(counted(pullRequest.findings.count, "finding")) will not be proposed again until they change"
    )
  }
}
