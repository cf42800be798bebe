import DriftCore

/// Reads `Sun, 06 Nov 1994 08:49:37 GMT` (RFC 9110, IMF-fixdate) as seconds since 1970; nil for anything else.
package func seconds(ofHTTPDate text: String) -> Int64? {
  let months = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
  ]
  let parts = text.split(separator: " ", omittingEmptySubsequences: false)
  guard text.utf8.count == 29, parts.count == 6, parts[0].hasSuffix(","), parts[5] == "GMT",
    let month = months.firstIndex(of: String(parts[2]))
  else { return nil }
  let number = month + 1
  let padded = number < 10 ? "0\(number)" : "\(number)"
  return Timestamp(iso8601: "\(parts[3])-\(padded)-\(parts[1])T\(parts[4])Z")?.seconds
}
