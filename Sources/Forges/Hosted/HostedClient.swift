import DriftCore
import JSON
import Transport

/// Requests to a forge.
struct HostedClient: Sendable {
  /// Of one list.
  static let maximumPages = 100
  /// Of one list that changes while it is read.
  static let maximumReadings = 3

  let product: HostedProduct
  /// Without a slash at the end.
  let api: String
  /// Of every request: what the forge wants, and who asks.
  let headers: @Sendable () async throws -> [HTTPHeader]
  let patience: Patience

  /// Sends a request to a path below the API; returns the answer whatever its status.
  func send(
    _ method: String, _ path: String, _ body: JSONValue? = nil, _ activity: String, isRepeatable: Bool? = nil
  ) async throws -> HTTPResponse {
    try await send(
      method, url: api + path, body, activity, isRead: method == "GET", isRepeatable: isRepeatable)
  }

  /// The document of an answer with one of the expected statuses.
  @discardableResult
  func value(
    _ method: String, _ path: String, _ body: JSONValue? = nil, _ activity: String, isRepeatable: Bool? = nil,
    expected: Set<Int> = [200]
  ) async throws -> JSONValue {
    let response = try await send(method, path, body, activity, isRepeatable: isRepeatable)
    guard expected.contains(response.status) else { throw refusal(response, method, path, activity) }
    return try hostedValue(response, product, activity, place(method, path))
  }

  /// All elements of a list. It is read again where its length changed from page to page: what moved over the border of two
  /// pages would be missing, or be there twice.
  func list(_ path: String, _ activity: String) async throws -> [JSONValue] {
    for _ in 0..<Self.maximumReadings {
      if let found = try await pages(path, activity) { return found }
    }
    throw ForgeError(
      .unreadable, activity, at: place("GET", path), "the list changes while it is read",
      wayOut: "nothing was written; the next run reads it again")
  }

  /// Page by page as `Link` says; only on this API, and never without end. Nil where the length changed.
  private func pages(_ path: String, _ activity: String) async throws -> [JSONValue]? {
    var url = api + path
    var seen: Set<String> = []
    var total: String?
    var found: [JSONValue] = []
    for _ in 0..<Self.maximumPages {
      let response = try await send("GET", url: url, nil, activity, isRead: true)
      let place = place("GET", path)
      guard response.status == 200 else { throw refusal(response, "GET", path, activity) }
      guard let elements = try hostedValue(response, product, activity, place).array else {
        throw ForgeError(.unreadable, activity, at: place, "the answer is no list")
      }
      found += elements
      // GitLab's name, and Gitea's.
      let count = response.header("x-total") ?? response.header("x-total-count")
      if !seen.isEmpty, count != total { return nil }
      total = count
      seen.insert(url)
      guard let next = nextPage(response.header("link")) else { return found }
      guard next.hasPrefix(api + "/"), !seen.contains(next) else {
        throw ForgeError(
          .unreadable, activity, at: place, "the next page is not on this API, or is the same again",
          wayOut: "check that forge.api is the address that \(product.name) itself is configured with")
      }
      url = next
    }
    throw ForgeError(
      .tooLarge, activity, at: place("GET", path), "the list has more than \(Self.maximumPages) pages",
      wayOut: "keep the contracts in a repository of their own, and give Mooring an account of its own")
  }

  func refusal(_ response: HTTPResponse, _ method: String, _ path: String, _ activity: String) -> ForgeError {
    hostedRefusal(response, product, activity, place(method, path))
  }

  /// One that is left out might be the dashboard, and a second one would be opened.
  func unreadableIssue(_ path: String, _ activity: String) -> ForgeError {
    ForgeError(.unreadable, activity, at: place("GET", path), "an issue lacks a field")
  }

  func place(_ method: String, _ path: String) -> String { "\(method) \(api)\(path.prefix { $0 != "?" })" }

  /// Changes the pull request of this number; false where it was to be opened again and the forge does not.
  func edit(
    _ method: String, _ path: String, _ number: Int, _ fields: JSONValue, reopens: Bool, _ activity: String
  ) async throws -> Bool {
    let response = try await send(method, path, fields, activity, isRepeatable: true)
    if reopens, [400, 404, 405, 409, 412, 422].contains(response.status) { return false }
    guard response.status == 200 || response.status == 201 else { throw refusal(response, method, path, activity) }
    let answer = try hostedValue(response, product, activity, place(method, path))
    guard (answer["iid"] ?? answer["number"])?.int == number else {
      throw ForgeError(.unreadable, activity, at: place(method, path), "the answer is not about this \(product.noun)")
    }
    return true
  }

  /// - Parameter isRead: whether it writes nothing, whatever its method.
  func send(
    _ method: String, url: String, _ body: JSONValue?, _ activity: String, isRead: Bool, isRepeatable: Bool? = nil
  ) async throws -> HTTPResponse {
    try await patience.send(isRead: isRead, activity) {
      var headers = try await headers()
      if body != nil { headers.append(HTTPHeader("Content-Type", "application/json")) }
      return HTTPRequest(
        method: method, url: url, headers: headers, body: body.map { Array($0.text.utf8) },
        isRepeatable: isRead ? true : isRepeatable)
    }
  }
}

/// The address behind `rel="next"` in a `Link` header (RFC 8288); nil where there is none.
func nextPage(_ header: String?) -> String? {
  for link in (header ?? "").split(separator: ",") {
    let parts = link.split(separator: ";").map { $0.trimmingPrefix(while: \.isWhitespace) }
    guard let address = parts.first, address.hasPrefix("<"), let end = address.firstIndex(of: ">"),
      parts.dropFirst().contains(where: { $0.hasPrefix("rel=\"next\"") || $0 == "rel=next" })
    else { continue }
    return String(address[address.index(after: address.startIndex)..<end])
  }
  return nil
}
