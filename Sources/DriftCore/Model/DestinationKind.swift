/// What a destination of one kind is told in `mooring.yaml`.
package struct DestinationKind: Sendable {
  package struct Key: Sendable {
    package enum Form: Sendable {
      /// An address without a literal password.
      case address
      case text
      /// `${NAME}` alone.
      case secret
    }

    package var name: String
    package var form: Form
    package var isRequired: Bool
    /// The key that says the same in another way: one of the two is given.
    package var alternative: String?
  }

  /// The dialect's id.
  package var name: String
  package var keys: [Key]
  /// Another way to the same warehouse: where the key `mark` is given, `keys` are those of that way.
  package var otherWay: (mark: String, keys: [Key])?

  package func keys(whereGiven isGiven: (String) -> Bool) -> [Key] {
    if let otherWay, isGiven(otherWay.mark) { otherWay.keys } else { keys }
  }

  /// Of each way.
  package var everyKey: [Key] { keys + (otherWay?.keys ?? []) }

  /// Every kind that Mooring has a driver for, by name.
  package static let all: [DestinationKind] = [.bigQuery, .databricks, .postgres, .redshift, .snowflake]

  package static func named(_ name: String) -> DestinationKind? { all.first { $0.name == name } }

  static let bigQuery = DestinationKind(
    name: "bigquery",
    keys: [.required("project"), .required("location")] + Key.secretOrFile("credentials"))

  static let databricks = DestinationKind(
    name: "databricks",
    keys: [.required("host"), .required("warehouse"), .required("catalog"), .optional("client_id")]
      + Key.secretOrFile("secret"))

  static let postgres = DestinationKind(
    name: "postgres", keys: [Key(name: "url", form: .address, isRequired: true)])

  static let redshift = DestinationKind(
    name: "redshift",
    keys: [
      .required("region"), .required("database"), .optional("workgroup"), .optional("cluster"), .optional("db_user"),
      .optional("secret_arn"), .required("access_key"),
    ] + Key.secretOrFile("secret_key") + [
      Key(name: "url", form: .address, isRequired: false), Key(name: "session_token", form: .secret, isRequired: false),
    ],
    otherWay: (
      "host",
      [.required("host"), .optional("port"), .required("database"), .required("user"), .optional("ca_file")]
        + Key.secretOrFile("password")
    ))

  static let snowflake = DestinationKind(
    name: "snowflake",
    keys: [.required("account"), .required("user"), .required("database"), .optional("warehouse"), .optional("role")]
      + Key.secretOrFile("private_key") + [
        Key(name: "url", form: .address, isRequired: false),
        Key(name: "private_key_passphrase", form: .secret, isRequired: false),
      ])
}

extension DestinationKind.Key {
  static func required(_ name: String) -> Self { Self(name: name, form: .text, isRequired: true) }
  static func optional(_ name: String) -> Self { Self(name: name, form: .text, isRequired: false) }

  /// A text from `${NAME}`, or a file that only its owner may read.
  static func secretOrFile(_ name: String) -> [Self] {
    let file = name + "_file"
    return [
      Self(name: name, form: .secret, isRequired: false, alternative: file),
      Self(name: file, form: .text, isRequired: false, alternative: name),
    ]
  }
}
