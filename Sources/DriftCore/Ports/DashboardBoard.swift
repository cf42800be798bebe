/// Where the dashboard is shown: one issue of a repository.
package protocol DashboardBoard: Sendable {
  /// Ours, open or closed; nil where there is none.
  func dashboard() async throws -> DashboardIssue?
  func openDashboard(_ title: String, _ body: Markdown) async throws -> DashboardIssue
  /// Writes over a dashboard whose text is still the one that was read; false where somebody has ticked a box since, and
  /// then nothing is written.
  func write(_ body: Markdown, over issue: DashboardIssue) async throws -> Bool
}
