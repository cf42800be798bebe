/// What may be forgotten: losing it costs time and repeated questions, never a wrong act.
package protocol Cache: Sendable {
  func value(for key: String) async throws -> String?
  func set(_ value: String, for key: String) async throws
}
