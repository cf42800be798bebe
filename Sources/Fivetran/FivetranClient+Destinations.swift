package import DriftCore
import JSON

extension FivetranClient {
  /// Every destination of the account; nil where this key may not list them.
  ///
  /// Source: Fivetran REST API documentation, "Destinations", read in 2026.
  package func destinations() async throws -> [DestinationStatus]? {
    var statuses: [DestinationStatus] = []
    do {
      try await pages(Call(segments: ["destinations"], version: .two)) { item throws(UnreadableBody) in
        statuses.append(try DestinationStatus(item))
        return true
      }
    } catch let error as FivetranError where error.isAbsence {
      return nil
    }
    return statuses
  }
}

extension DestinationStatus {
  fileprivate init(_ item: Field) throws(UnreadableBody) {
    // The group's id and the destination's are one.
    var group = item["group_id"]
    if group == nil { group = try item.required("id") }
    self.init(groupID: try group?.string() ?? "", service: try item.required("service").string())
    for member in item["config"]?.value.members ?? [] {
      // What is secret comes as asterisks.
      if let text = member.value.string, !text.isEmpty, !text.contains("**") { settings[member.name] = text }
    }
  }
}
