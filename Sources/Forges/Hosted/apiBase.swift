/// The address of a forge's API without a slash at the end.
///
/// A token goes over it with every request, so it is `https`; plain `http` is for this machine alone.
func apiBase(_ api: String) throws(ForgeError) -> String {
  let isSecure = api.hasPrefix("https://") && api.utf8.count > "https://".utf8.count
  let isHere = ["http://127.0.0.1", "http://localhost", "http://[::1]"].contains { host in
    api.hasPrefix(host) && (api.utf8.count == host.utf8.count || ":/".contains(api.dropFirst(host.count).first ?? "x"))
  }
  // A user name could hide another host behind one of these.
  guard isSecure || isHere, !api.contains(where: { "@?#".contains($0) || $0.isWhitespace }) else {
    throw ForgeError(
      .invalid, "reading the forge's settings", at: "forge.api", "\"\(oneLine(api))\" is not an API's address",
      wayOut: "write https://HOST and the path of the API; see docs/forges.md")
  }
  return api.hasSuffix("/") ? String(api.dropLast()) : api
}
