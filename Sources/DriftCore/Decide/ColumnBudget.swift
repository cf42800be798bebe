/// What is left of the hour's calls that read a table's columns live from its source.
///
/// Fivetran allows an account 5,000 of them an hour, reloads and set-up tests among them. Source: Fivetran REST API
/// documentation, "Rate limiting".
package struct ColumnBudget: Hashable, Sendable {
  package static let anHour = 4_000
  /// Where nobody knows what was spent: a run every five minutes stays within the hour's.
  package static let withoutMemory = 300

  /// Since 1970.
  private let hour: Int64
  package private(set) var left: Int

  /// - Parameter text: what was kept; nil where nothing was.
  package init(_ text: String?, at now: Timestamp) {
    hour = now.seconds / 3_600
    let parts = (text ?? "").split(separator: " ").compactMap { Int64($0) }
    guard parts.count == 2 else {
      left = Self.withoutMemory
      return
    }
    left = parts[0] == hour ? max(0, min(Self.anHour, Int(clamping: parts[1]))) : Self.anHour
  }

  /// False where nothing is left.
  package mutating func spend() -> Bool {
    if left == 0 { return false }
    left -= 1
    return true
  }

  package var text: String { "\(hour) \(left)" }
}
