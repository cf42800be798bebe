import JSON

/// Something that goes wrong on request. It meets only requests that would have been answered: after credentials, media
/// types and rate limits.
package struct Fault: Sendable {
  package enum Kind: Sendable {
    case status(Int, retryAfter: Int?, body: String?)
    /// Ends the connection in the answer. Before: the request has no effect; after: it has.
    case drop(isBefore: Bool)
    case truncate(bytes: Int)
    case delay(milliseconds: Int)
    /// A list or schema config that holds only half of its items and does not say so.
    case halfListing
  }

  package var kind: Kind
  /// A part of the path.
  package var path: String
  /// Nil is every method.
  package var method: String?
  package var count: Int

  func meets(_ request: APIRequest) -> Bool {
    if count <= 0 || !request.path.contains(path) { return false }
    if let method { return method == request.method }
    if case .halfListing = kind { return request.method == "GET" }
    return true
  }
}

extension Fault {
  /// Nil where the body names no kind that there is.
  init?(_ body: JSONValue) {
    let kind: Kind? =
      switch body["kind"]?.string {
      case "status":
        .status(
          body["status"]?.int ?? 500, retryAfter: body["retry_after"]?.int, body: body["body"]?.string)
      case "drop": .drop(isBefore: body["when"]?.string == "before")
      case "truncate": .truncate(bytes: body["bytes"]?.int ?? 10)
      case "delay": .delay(milliseconds: body["milliseconds"]?.int ?? 100)
      case "half": .halfListing
      default: nil
      }
    guard let kind else { return nil }
    self.init(
      kind: kind, path: body["path"]?.string ?? "", method: body["method"]?.string,
      count: body["count"]?.int ?? 1)
  }
}

extension Account {
  mutating func takeFault(for request: APIRequest) -> Fault.Kind? {
    guard let index = faults.firstIndex(where: { $0.meets(request) }) else { return nil }
    faults[index].count -= 1
    let kind = faults[index].kind
    if faults[index].count == 0 { faults.remove(at: index) }
    return kind
  }
}
