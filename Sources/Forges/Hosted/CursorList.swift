import DriftCore
import JSON

/// One list of a GraphQL query, and how far it was read.
struct CursorList: Sendable {
  static let pageSize = 100
  /// Of each list.
  static let maximumPages = 100

  /// Its alias in the query.
  let name: String
  /// The name of the field that says how many there are.
  fileprivate let count: String
  private(set) var cursor: String?
  private var seen: Set<String> = []
  private var total: Int?

  fileprivate init(_ name: String, counted count: String) {
    self.name = name
    self.count = count
  }

  /// `first: 100, after: "..."`.
  var arguments: String {
    "first: \(Self.pageSize)" + (cursor.map { ", after: \(JSONValue.string($0).text)" } ?? "")
  }

  /// What has to be asked for of each page besides its nodes.
  var pageFields: String { "\(count) pageInfo { hasNextPage endCursor }" }

  fileprivate enum Step { case over, next, moved }

  /// Goes on to the page after this one; nil where the page is none, or leads back to one that was read.
  fileprivate mutating func follow(_ page: JSONValue) -> Step? {
    guard let hasNext = page["pageInfo"]?["hasNextPage"]?.bool else { return nil }
    let now = page[count]?.int
    if cursor != nil, now != total { return .moved }
    total = now
    if !hasNext { return .over }
    guard let next = page["pageInfo"]?["endCursor"]?.string, !next.isEmpty, seen.insert(next).inserted else {
      return nil
    }
    cursor = next
    return .next
  }
}

/// Reads lists side by side, one request for each page of the longest. They are read again where a number changed from page to
/// page: one that was closed or opened again meanwhile may be in neither list.
///
/// - Parameters:
///   - names: open ones first; one that is closed in between is then in the second list, not in neither.
///   - page: asks for the next page of some of them.
///   - node: nil where a field is missing or of another kind.
func readLists(
  _ names: [String], counted count: String, of noun: String, _ activity: String, at place: String,
  page: (_ lists: [CursorList], _ isFirst: Bool) async throws -> JSONValue,
  node: (JSONValue) -> HostedPullRequest?
) async throws -> [HostedPullRequest] {
  func unreadable(_ finding: String) -> ForgeError { ForgeError(.unreadable, activity, at: place, finding) }
  reading: for _ in 0..<HostedClient.maximumReadings {
    var found: [Int: HostedPullRequest] = [:]
    var wanted = names.map { CursorList($0, counted: count) }
    for number in 0..<CursorList.maximumPages {
      let answer = try await page(wanted, number == 0)
      var next: [CursorList] = []
      for var list in wanted {
        guard let page = answer[list.name], let nodes = page["nodes"]?.array else {
          throw unreadable("a list of \(noun)s is missing")
        }
        for value in nodes {
          guard let one = node(value) else { throw unreadable("a \(noun) lacks a field") }
          found[one.number] = one
        }
        switch list.follow(page) {
        case .over: break
        case .next: next.append(list)
        case .moved: continue reading
        case nil: throw unreadable("the next page is missing, or one that was read already")
        }
      }
      if next.isEmpty { return Array(found.values) }
      wanted = next
    }
    throw ForgeError(
      .tooLarge, activity, at: place,
      "more than \(CursorList.maximumPages * CursorList.pageSize) \(noun)s are open, or closed without merging",
      wayOut: "keep the contracts in a repository of their own, and give Mooring an account of its own")
  }
  throw unreadable("the list of \(noun)s changes while it is read")
}
