import Cryptography
import JSON
import Transport

/// One statement as the query history has it.
struct DatabricksQuery: Sendable {
  var text: String
  /// Milliseconds since 1970.
  var start: Int64
  var status: String
  /// The attempt that it carries the name of; nil where it carries none, or the history keeps no tags.
  var attempt: String?

  init(_ document: JSONValue) throws(ServiceError) {
    guard let status = document["status"]?.string, let start = document["query_start_time_ms"]?.int else {
      throw ServiceError(.unreadable, "a statement of the query history is not in the documented form")
    }
    self.status = status
    self.start = Int64(start)
    text = document["query_text"]?.string ?? ""
    let tags = document["query_tags"]?.array ?? []
    attempt = tags.first { $0["key"]?.string == DatabricksAPI.tag }?["value"]?.string
  }

  var fate: Fate {
    switch status {
    case "FINISHED": .succeeded
    case "FAILED", "CANCELED": .failed
    default: .running
    }
  }
}

extension DatabricksAPI {
  /// Of one page; the interface gives fewer than a thousand.
  static let historyPage = 500
  static let maximumHistoryPages = 100

  /// The statements of the warehouse since a moment in milliseconds; nil where there are more than are read.
  func history(since start: Int64) async throws -> [DatabricksQuery]? {
    let filter =
      "filter_by.query_start_time_range.start_time_ms=\(start)&filter_by.warehouse_ids=\(warehouse)"
    var found: [DatabricksQuery] = []
    var page = ""
    for _ in 0..<Self.maximumHistoryPages {
      let response = try await client.send(
        "GET", "\(address)/api/2.0/sql/history/queries?\(filter)&max_results=\(Self.historyPage)\(page)")
      guard response.status == 200 else { throw databricksError(response) }
      let document = try serviceDocument(response)
      for query in document["res"]?.array ?? [] { found.append(try DatabricksQuery(query)) }
      guard document["has_next_page"]?.bool == true else { return found }
      guard let token = document["next_page_token"]?.string, !token.isEmpty else {
        throw ServiceError(.incomplete, "the query history has another page and does not say which")
      }
      page = "&page_token=\(percentEncoded(token))"
    }
    return nil
  }
}

/// What became of an attempt, by the statements since a while before it was claimed.
///
/// The tag decides. Where a workspace keeps none, a statement of the same text counts if it was begun after the claim, and
/// nothing is concluded from one that may be an earlier attempt's or somebody else's.
///
/// - Parameters:
///   - statement: the digest of the attempt's text; nil where it is not known.
///   - claimed: milliseconds since 1970, like the history's.
func databricksFate(
  of attempt: Attempt, statement: String?, claimed: Int64, among queries: [DatabricksQuery]
) -> Fate {
  let tagged = queries.filter { $0.attempt == attempt.name }.map(\.fate)
  for fate in [Fate.succeeded, .running, .failed] where tagged.contains(fate) { return fate }
  let alike = queries.filter { $0.attempt == nil && statement != nil && sha256Hex($0.text) == statement }
  if alike.isEmpty { return .absent }
  if alike.contains(where: { $0.start < claimed }) { return .forgotten }
  let fates = alike.map(\.fate)
  if fates.contains(.succeeded) { return .succeeded }
  if fates.contains(.running) { return .running }
  return attempt.number == 1 ? .failed : .forgotten
}
