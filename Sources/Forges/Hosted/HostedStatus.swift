import DriftCore
import JSON
import Transport

/// A commit status as a forge has it.
struct HostedStatus: Hashable, Sendable {
  var context: String
  /// In the forge's own word.
  var state: String
  /// One line within the forge's limit.
  var text: String
  var location: String?

  init(context: String, state: String, text: String, location: String?) {
    self.context = context
    self.state = state
    self.text = text
    self.location = location
  }

  init(_ status: CommitStatus, for product: HostedProduct) {
    context = status.context
    state =
      switch status.state {
      case .pending, .success: status.state.rawValue
      case .failure: product.failure
      case .error: product.error
      }
    text = String(String.UnicodeScalarView(visible(status.text).unicodeScalars.prefix(product.statusLimit)))
    // What is no web address is refused with all the rest.
    location = status.location.flatMap { $0.hasPrefix("https://") || $0.hasPrefix("http://") ? $0 : nil }
  }

  /// - Parameter contextName: what the forge calls the context.
  func fields(contextName: String) -> JSONValue {
    var fields = [
      JSONMember("state", .string(state)), JSONMember(contextName, .string(context)),
      JSONMember("description", .string(text)),
    ]
    if let location { fields.append(JSONMember("target_url", .string(location))) }
    return .object(fields)
  }
}

/// Whether an answer says that there is no such commit. GitHub answers 422, GitLab 404, Gitea 404 or 500.
func isUnknownCommit(_ response: HTTPResponse) -> Bool {
  guard [404, 422, 500].contains(response.status) else { return false }
  return hostedMessages(response).contains { message in
    let message = message.lowercased()
    return ["no commit found", "commit not found", "commit does not exist", "object does not exist"]
      .contains { message.contains($0) }
  }
}

/// Refuses what is no commit's full id, before it becomes part of a path.
func checkCommit(_ commit: CommitID, _ activity: String) throws(ForgeError) {
  let isID =
    [40, 64].contains(commit.text.utf8.count)
    && commit.text.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }
  if !isID {
    throw ForgeError(.invalid, activity, at: "\"\(oneLine(commit.text))\"", "it is no commit's full id")
  }
}
