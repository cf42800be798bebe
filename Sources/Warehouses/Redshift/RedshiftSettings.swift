import Cryptography
package import DriftCore
import JSON
import Transport

/// Where and as whom a Redshift destination is spoken to.
package struct RedshiftSettings: Sendable {
  /// What runs the statements.
  package enum Target: Sendable {
    /// Of Redshift Serverless.
    case workgroup(String)
    /// - Parameter user: of the database; nil is the IAM identity's own.
    case cluster(String, user: String?)
  }

  /// `eu-west-1`.
  package var region: String
  package var target: Target
  package var database: String
  /// The secret in AWS Secrets Manager that holds a user of the database and its password, instead of temporary credentials.
  package var secretARN: String?
  /// Asked for before each request, so that keys that somebody renews are taken up.
  package var credentials: @Sendable () throws -> AWSCredentials
  /// Without a slash at the end; nil is the region's own.
  package var url: String?

  package init(
    region: String, target: Target, database: String, secretARN: String? = nil, url: String? = nil,
    credentials: @escaping @Sendable () throws -> AWSCredentials
  ) {
    self.region = region
    self.target = target
    self.database = database
    self.secretARN = secretARN
    self.url = url
    self.credentials = credentials
  }

  /// What mooring.yaml says of the target; exactly one of `workgroup` and `cluster` is given.
  package static func target(workgroup: String?, cluster: String?, user: String?) throws(ServiceError) -> Target {
    switch (workgroup, cluster) {
    case (let workgroup?, nil):
      guard user == nil else {
        throw ServiceError(
          .settings, "db_user has no meaning for a workgroup", hint: "a workgroup's user is that of the IAM identity")
      }
      return .workgroup(workgroup)
    case (nil, let cluster?): return .cluster(cluster, user: user)
    case (nil, nil):
      throw ServiceError(.settings, "neither workgroup nor cluster is given", hint: "add one of them")
    case (_?, _?): throw ServiceError(.settings, "both workgroup and cluster are given", hint: "remove one of them")
    }
  }

  /// The address; a region with a character that none has is refused, because it would lead elsewhere.
  func address() throws(ServiceError) -> String {
    guard isPlain(region), region == region.lowercased(), region.contains("-") else {
      throw ServiceError(
        .settings, "\"\(ServiceError.said(region))\" is no region", hint: "write its code, as in eu-west-1")
    }
    if let url {
      guard url.hasPrefix("https://") || url.hasPrefix("http://127.0.0.1:"), !url.dropFirst(8).contains("/") else {
        throw ServiceError(
          .settings, "\"\(ServiceError.said(url))\" is no address", hint: "write https:// and the host, without a path"
        )
      }
      return url
    }
    return "https://redshift-data.\(region).amazonaws.com\(region.hasPrefix("cn-") ? ".cn" : "")"
  }

  var place: String {
    switch target {
    case .workgroup(let name), .cluster(let name, _): "\(name)/\(database)"
    }
  }

  /// Of every request that runs a statement or lists them.
  var members: [JSONMember] {
    let (name, value, user) =
      switch target {
      case .workgroup(let name): ("WorkgroupName", name, nil as String?)
      case .cluster(let name, let user): ("ClusterIdentifier", name, user)
      }
    return [(name, value), ("Database", database), ("DbUser", user), ("SecretArn", secretARN)].compactMap {
      name, value in
      value.map { JSONMember(name, .string($0)) }
    }
  }
}

/// Keys of an IAM user, or of a role for a time.
package struct AWSCredentials: Sendable {
  package var accessKey: String
  package var secretKey: Secret
  package var sessionToken: Secret?

  package init(accessKey: String, secretKey: Secret, sessionToken: Secret? = nil) {
    self.accessKey = accessKey
    self.secretKey = secretKey
    self.sessionToken = sessionToken
  }
}

/// Signs each request; nothing of the keys but their name goes with it.
struct AWSCredential: ServiceCredential {
  let region: String
  let credentials: @Sendable () throws -> AWSCredentials
  let now: @Sendable () -> Timestamp

  func headers(of request: HTTPRequest) throws -> [HTTPHeader] {
    let keys = try credentials()
    let date = String(now().description.prefix(19).filter { $0 != "-" && $0 != ":" }) + "Z"
    var own = [HTTPHeader("X-Amz-Date", date)]
    if let token = keys.sessionToken { own.append(HTTPHeader("X-Amz-Security-Token", secret: token)) }
    let rest = request.url.drop { $0 != ":" }.dropFirst(3)
    let signed = (request.headers + own).map { header in
      switch header.value {
      case .plain(let value): (header.name, value)
      case .secret(let value): (header.name, value.reveal())
      }
    }
    let signer = AWSSigner(
      accessKey: keys.accessKey, secretKey: keys.secretKey.reveal(), region: region, service: "redshift-data")
    let authorization = signer.authorization(
      of: AWSRequest(
        method: request.method, path: "/", headers: signed + [("Host", String(rest.prefix { $0 != "/" }))],
        body: request.body ?? []),
      date: date)
    return own + [HTTPHeader("Authorization", secret: Secret(authorization))]
  }

  /// The keys are asked for anew each time as it is.
  func renew(_ refused: [HTTPHeader]) -> Bool { false }
}
