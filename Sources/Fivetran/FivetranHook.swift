package import DriftCore
import JSON

extension Hook {
  /// Fivetran: `X-Fivetran-Signature-256`, hexadecimal in either case, and no header that names the delivery
  /// (fivetran.com/docs, "Webhooks", read 2026-11).
  package static let fivetran = Hook(
    id: "fivetran", proofs: [.hmac(header: "X-Fivetran-Signature-256", prefix: "")], largestBody: 64 << 10
  ) { _, body in
    guard let event = body["event"]?.string,
      let connection = (body["connector_id"] ?? body["connection_id"])?.string
    else { return nil }
    switch event {
    case "sync_end":
      // What failed or was put off has landed nothing whole.
      if body["data"]?["status"]?.string != "SUCCESSFUL" { return nil }
    case "edit_connector": break
    default: return nil
    }
    let created = body["created"]?.string
    let key = [event, connection, body["sync_id"]?.string ?? "", created ?? ""].joined(separator: "\n")
    return Hook.Reading(
      hints: [.connection(ConnectionID(connection))], key: key, at: created.flatMap { Timestamp(iso8601: $0) })
  }
}
