extension ODCSShape {
  static let server = ODCSShape(
    "a server", naturalKey: "server",
    [
      Key("id", .stableID, since: .v310), Key("server", .text, .required), Key("type", .text, .required),
      Key("description", .text), Key("environment", .text), Key("roles", .list(.object { .role })),
      Key("customProperties", .list(.object { .customProperty })),
    ], variant: { node, _ in node["type"]?.text.flatMap { serverTypes[$0]?.shape } },
    rule: { decoder, node, version in
      guard let type = node.value("type"), let name = type.text else { return }
      guard let known = serverTypes[name] else {
        decoder.error(
          type, "unknown type \"\(name)\" of a server",
          hint: suggestion(for: name, among: serverTypes.keys.sorted(), list: "one of") ?? "or write custom")
        return
      }
      if known.since > version {
        decoder.error(
          type, "servers of type \"\(name)\" are there since \(known.since.text); this file is \(version.text)",
          hint: "set apiVersion: \(ODCSVersion.latest.text), or write custom")
      }
    })

  private struct ServerType: Sendable {
    var since: ODCSVersion
    var shape: ODCSShape
  }

  /// Keys by type; `!` marks those that must be there.
  private static let serverTypes: [String: ServerType] = {
    let lists: [(types: String, since: ODCSVersion, keys: String)] = [
      ("api", .v300, "location!"),
      ("athena", .v300, "schema! stagingDir staging_dir catalog regionName workgroup"),
      ("azure", .v300, "location! format! encoding delimiter"), ("bigquery", .v300, "project! dataset!"),
      ("clickhouse mysql synapse db2", .v300, "host! port! database! schema"),
      ("databricks", .v300, "catalog! schema! host"), ("denodo", .v300, "host! port! database"),
      ("dremio", .v300, "host! port! schema"), ("duckdb", .v300, "database! schema"),
      ("exasol", .v320, "host! port schema"), ("fastobjects poet", .v320, "database! host port"),
      ("glue", .v300, "account! database! location format encoding"), ("hana", .v320, "host! port database schema"),
      ("cloudsql postgresql postgres vertica", .v300, "host! port! database! schema!"),
      ("hive impala zen", .v310, "host! database! port"), ("informix", .v300, "host! database! port"),
      ("btrieve ingres vectorwise", .v320, "host! database! port"),
      ("iceberg", .v320, "catalog! catalogUrl! namespace warehouse"), ("kafka", .v300, "host! format encoding"),
      ("kinesis", .v300, "region format encoding"), ("local", .v300, "path! format! encoding"),
      ("oracle", .v300, "host! port! serviceName!"), ("presto", .v300, "host! catalog schema"),
      ("pubsub", .v300, "project!"), ("redshift", .v300, "database! schema! host region account"),
      ("s3", .v300, "location! endpointUrl format encoding delimiter"),
      ("sftp", .v300, "location! format encoding delimiter"),
      ("snowflake", .v300, "account! database! schema! host port warehouse"),
      ("sqlserver", .v300, "host! database! schema! port"), ("teradata", .v320, "host! port database"),
      ("trino", .v300, "host! port! catalog! schema!"), ("versant", .v320, "database! host port"),
      (
        "custom", .v300,
        "account catalog database dataset delimiter endpointUrl format encoding host location path port project region regionName schema serviceName stagingDir warehouse stream"
      ),
    ]
    var types: [String: ServerType] = [:]
    for list in lists {
      let keys = list.keys.split(separator: " ").map { word in
        let name = String(word.prefix { $0 != "!" })
        return Key(
          name, value(of: name, in: list.types), since: later[name] ?? .v300,
          need[name] ?? (word.hasSuffix("!") ? .required : .optional))
      }
      for type in list.types.split(separator: " ") {
        types[String(type)] = ServerType(since: list.since, shape: ODCSShape("a server of type \(type)", keys))
      }
    }
    return types
  }()

  private static func value(of key: String, in types: String) -> Value {
    let isFiles = ["azure", "s3", "sftp"].contains(types)
    return switch key {
    // A text since v3.2.0, so that it can refer to a variable.
    case "port": .changed(in: .v320, from: .integer, to: .scalar)
    case "location" where types == "sftp": .formed(.sftp)
    case "format" where isFiles:
      .changed(in: .v310, from: .word(["parquet", "delta", "json", "csv"]), to: .text)
    case "delimiter" where isFiles: .changed(in: .v310, from: .word(["new_line", "array"]), to: .text)
    default: .text
    }
  }

  private static let later: [String: ODCSVersion] = ["encoding": .v320, "workgroup": .v320, "stream": .v310]

  /// Athena's; v3.0.0 spells it in another way than every later one.
  private static let need: [String: Need] = [
    "stagingDir": .requiredIn(.v301 ... .v310), "staging_dir": .requiredBefore(.v301),
  ]
}
