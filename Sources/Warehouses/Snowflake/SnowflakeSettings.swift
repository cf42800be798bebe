import Cryptography
package import DriftCore
import JSON

/// Where and as whom a Snowflake destination is spoken to.
package struct SnowflakeSettings: Sendable {
  /// `ORG-ACCOUNT`, or a locator with its region: the host's part before `.snowflakecomputing.com`.
  package var account: String
  package var user: String
  package var key: Secret
  package var passphrase: Secret?
  /// Nil is the user's default; so is it with the role.
  package var role: String?
  package var warehouse: String?
  package var database: String
  /// Without a slash at the end; nil is the account's own address.
  package var url: String?

  package init(
    account: String, user: String, key: Secret, passphrase: Secret? = nil, role: String? = nil,
    warehouse: String? = nil, database: String, url: String? = nil
  ) {
    self.account = account
    self.user = user
    self.key = key
    self.passphrase = passphrase
    self.role = role
    self.warehouse = warehouse
    self.database = database
    self.url = url
  }

  /// The address; an account with a character that no host name has is refused, because it would lead elsewhere.
  func address() throws(ServiceError) -> String {
    if let url { return url }
    guard isPlain(account, marks: "-._") else {
      throw ServiceError(
        .settings, "the account \"\(ServiceError.said(account))\" is no account name",
        hint: "write organisation-account, as in https://organisation-account.snowflakecomputing.com")
    }
    // A host name has no underscore, and Snowflake takes a hyphen in its place.
    return "https://\(account.replacing("_", with: "-")).snowflakecomputing.com"
  }

  /// The account as tokens name it: upper case, without the region.
  ///
  /// Source: Snowflake documentation, "Authenticating to the server", key-pair authentication, read 2026-11.
  var tokenAccount: String {
    let end: Character = account.lowercased().hasSuffix(".global") ? "-" : "."
    return account.prefix { $0 != end }.uppercased()
  }
}

/// A token that the key signs itself: no request is needed for it.
struct SnowflakeToken: Sendable {
  /// Snowflake takes an hour at most.
  static let lifetime: Int64 = 3_540

  let key: PrivateKey
  let account: String
  let user: String

  init(_ settings: SnowflakeSettings) throws(ServiceError) {
    do {
      key = try PrivateKey(pem: settings.key.reveal(), passphrase: settings.passphrase?.reveal())
    } catch {
      throw ServiceError(
        .settings,
        error == .notRSA
          ? "private_key is no RSA key"
          : "private_key is no private key in PEM, or its passphrase is missing or another",
        hint: "give the text of the .p8 or .pem file, and private_key_passphrase where it is encrypted")
    }
    account = settings.tokenAccount
    user = settings.user.uppercased()
  }

  func signed(at now: Timestamp) -> (value: Secret, end: Timestamp) {
    let subject = "\(account).\(user)"
    let claims: JSONValue = [
      "iss": .string("\(subject).SHA256:\(base64(sha256(key.publicKey)))"), "sub": .string(subject),
      "iat": .number("\(now.seconds)"), "exp": .number("\(now.seconds + Self.lifetime)"),
    ]
    let header: JSONValue = ["alg": "RS256", "typ": "JWT"]
    return (
      Secret(jsonWebToken(header: header.text, claims: claims.text, key: key)), now.adding(seconds: Self.lifetime)
    )
  }
}
