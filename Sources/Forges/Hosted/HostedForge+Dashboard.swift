package import DriftCore
import JSON
import Transport

extension HostedForge {
  package func dashboard() async throws -> DashboardIssue? {
    try await find(isThorough: false, "looking for the dashboard")
  }

  /// Finds the one that is there, if a cheaper look did not: there is never a second.
  package func openDashboard(_ title: String, _ body: Markdown) async throws -> DashboardIssue {
    let activity = "opening the dashboard"
    if let found = try await find(isThorough: true, activity) { return found }
    let response = try await api.openIssue(title, text(body), activity)
    let place = "the issues of the repository"
    if response.status == 404 || response.status == 410 {
      throw ForgeError(
        .noAccess, activity, at: place, "issues are switched off, or not visible to this token",
        wayOut: "switch them on, give the token the right, or write dashboard: false under forge in mooring.yaml")
    }
    guard response.status == 201 else { throw api.client.refusal(response, "POST", place, activity) }
    guard let made = api.made(issue: try hostedValue(response, api.product, activity, place)) else {
      throw ForgeError(.unreadable, activity, at: place, "the answer is about another issue")
    }
    return DashboardIssue(id: String(made.number), isOpen: true, body: text(body), location: made.url)
  }

  package func write(_ body: Markdown, over issue: DashboardIssue) async throws -> Bool {
    let activity = "writing the dashboard"
    let text = text(body)
    if isSameText(text, issue.body) { return true }
    guard let number = Int(issue.id), number > 0, let now = try await api.issue(number, activity)?.dashboard,
      now.id == issue.id, isSameText(now.body, issue.body)
    else { return false }
    try await api.writeIssue(number, text, activity)
    return true
  }

  private func find(isThorough: Bool, _ activity: String) async throws -> DashboardIssue? {
    let found = try await api.issues(isThorough: isThorough, activity).compactMap(\.dashboard)
    return found.first(where: \.isOpen) ?? found.last
  }

  private func text(_ body: Markdown) -> String {
    let text = cut(
      "\(body)", to: api.product.bodyLimit,
      pointer: "**This text is cut: it is longer than \(api.product.name) takes.** `mooring status` shows all of it.")
    return api.product.obeysText ? withoutOrders(text) : text
  }
}
