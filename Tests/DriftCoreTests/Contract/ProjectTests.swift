import DriftCore
import Testing

private let text = """
  version: 1
  fivetran: {key: "${FIVETRAN_KEY}", secret: "${FIVETRAN_SECRET}"}
  destinations:
    warehouse: {kind: postgres, group: projected_sickness, url: "postgres://bot:${PASSWORD}@db/x"}
  defaults: {destination: warehouse, mode: propose, policies: {column.added: review}}
  connections:
    salesforce: {id: iodize_impressive, include: [salesforce.*], policies: {type: block}}
    stripe: {id: other_id, mode: observe}
  model: {base_url: "http://127.0.0.1:1/v1", name: small, key: "${KEY}"}
  notify:
    - {kind: webhook, url: "https://example.com/hook", secret: "${HOOK}", events: [opened]}

  """

private func problems(_ text: String) -> [Diagnostic] {
  parseProject(Array(text.utf8), path: "contracts/mooring.yaml").1
}

@Suite struct ProjectTests {
  @Test func defaultsFillWhatAConnectionLeavesOut() throws {
    let project = try #require(parseProject(Array(text.utf8), path: "p").0, "\(problems(text))")
    #expect(project.fivetran.api == "https://api.fivetran.com")
    #expect(project.branch == "main")
    let salesforce = try #require(project.connections["salesforce"])
    #expect(salesforce.mode == .propose)
    #expect(salesforce.destination == "warehouse")
    #expect(salesforce.policies == ["column.added": .review, "type": .block])
    #expect(project.connections["stripe"]?.mode == .observe)
    #expect(project.model?.key == "${KEY}")
    #expect(project.notifiers.first?.events == ["opened"])
  }

  @Test(arguments: [
    ("key: \"${FIVETRAN_KEY}\"", "key: hunter2"), ("${PASSWORD}", "hunter2"),
    ("https://example.com/hook", "https://example.com/?token=hunter2"),
    ("https://example.com/hook", "https://hooks.slack.com/services/hunter2"),
    ("postgres://bot:${PASSWORD}@db/x", "host=db password=hunter2"),
  ])
  func secretsNeverBelongInTheRepository(old: String, new: String) {
    let found = problems(text.replacing(old, new))
    #expect(found.count == 1)
    #expect(found.first?.message.contains("secrets never belong in the repository") == true)
    #expect(!"\(found)".contains("hunter2"), "a finding repeats the secret")
  }

  @Test func aPauseOnRedHasALongestTime() throws {
    let asked = text.replacing("mode: propose,", with: "mode: propose, on_red: {pause: true, at_most: 24h},")
      .replacing("mode: observe}", with: "mode: observe, on_red: {pause: false}}")
    let project = try #require(parseProject(Array(asked.utf8), path: "p").0, "\(problems(asked))")
    #expect(project.connections["salesforce"]?.longestPause == .seconds(86_400))
    #expect(project.connections["stripe"]?.longestPause == nil)
    for (wrong, words) in [
      ("{pause: true}", "pauses for ever"), ("{at_most: 24h}", "lacks \"pause\""),
      ("{pause: true, at_most: 24}", "no length of a pause"), ("{pause: true, at_most: 31d}", "no length of a pause"),
      ("{pause: true, at_most: 59s}", "no length of a pause"), ("{pause: maybe, at_most: 1h}", "maybe"),
      ("{pause: false, at_most: 1h}", "said of no pause"), ("{pause: true, at_most: 1h, then: drop}", "then"),
    ] {
      let found = problems(asked.replacing("{pause: true, at_most: 24h}", with: wrong))
      #expect(found.count == 1 && found[0].description.contains(words), "\(wrong): \(found)")
    }
  }

  @Test func windowsAndLimitsAreADestinationsAndAConnections() throws {
    let limited = text.replacing("group: projected_sickness,", with: "group: g, limits: {rewritten_bytes: 0},")
      .replacing("mode: propose,", with: "mode: propose, apply_windows: sat, limits: {tables: 5},")
      .replacing("mode: observe}", with: "apply_windows: [sun, mon-fri 22:00-05:00 +02:00], limits: {resyncs: 1}}")
    let project = try #require(parseProject(Array(limited.utf8), path: "p").0, "\(problems(limited))")
    #expect(project.destinations["warehouse"]?.pace == ApplyPace(limits: ApplyLimits(rewrittenBytes: 0)))
    #expect(project.connections["salesforce"]?.pace.windows.map(\.description) == ["sat"])
    #expect(project.connections["salesforce"]?.pace.limits == ApplyLimits(tables: 5))
    #expect(project.connections["stripe"]?.pace.windows.map(\.description) == ["sun", "mon-fri 22:00-05:00 +02:00"])
    #expect(project.connections["stripe"]?.pace.limits == ApplyLimits(tables: 5, resyncs: 1))
  }

  @Test(arguments: [
    ("apply_windows: mon-fri 22-05", "\"mon-fri 22-05\" is not a window"),
    ("apply_windows: [sun, 25:00-26:00]", "is not a window"), ("apply_windows: []", "is an empty list"),
    ("apply_windows: {a: b}", "not a text"), ("apply_windows: mon CET", "is not a window"),
    ("limits: {tables: 0}", "\"tables\" is 0"), ("limits: {resyncs: -1}", "\"resyncs\" is -1"),
    ("limits: {tables: many}", "not a whole number"), ("limits: {table: 1}", "unknown key \"table\""),
    ("limits: [1]", "not a mapping"),
    ("apply_windows: tue", "of connection \"stripe\" and of its destination \"warehouse\" are never open at once"),
  ])
  func whatIsNoWindowOrLimitIsFoundWithItsPlace(line: String, message: String) throws {
    let limited = text.replacing("group: projected_sickness,", with: "group: g, apply_windows: 'wed,sun',")
      .replacing("mode: observe}", with: "\(line)}")
    let found = problems(limited)
    #expect(found.count == 1 && "\(found)".contains(message), "\(found)")
    #expect(found.first?.hint != nil || message == "not a text")
  }

  private static let snowflake = """
    {kind: snowflake, group: projected_sickness, account: acme-prod, user: MOORING, database: "${DB}", \
    private_key: "${KEY}", role: MOORING}
    """
  private static let postgres = """
    {kind: postgres, group: projected_sickness, url: "postgres://bot:${PASSWORD}@db/x"}
    """

  @Test func aDestinationIsToldWhatItsKindNeeds() throws {
    let project = parseProject(Array(text.replacing(Self.postgres, with: Self.snowflake).utf8), path: "p").0
    let settings = try #require(project?.destinations["warehouse"])
    #expect(settings.kind == "snowflake")
    #expect(
      settings.values == [
        "account": "acme-prod", "user": "MOORING", "database": "${DB}", "private_key": "${KEY}", "role": "MOORING",
      ])
  }

  @Test func aDatabricksDestinationNeedsASecretAndMayHaveAClient() throws {
    let with = """
      {kind: databricks, group: decent_dropsy, host: dbc-1.cloud.databricks.com, warehouse: abc123, catalog: analytics, \
      client_id: "11111111", secret_file: databricks.secret}
      """
    let (project, none) = parseProject(Array(text.replacing(Self.postgres, with: with).utf8), path: "p")
    #expect(none.isEmpty)
    #expect(project?.destinations["warehouse"]?.values["secret_file"] == "databricks.secret")
    let without = with.replacing("client_id: \"11111111\", secret_file: databricks.secret", with: "client_id: \"1\"")
    #expect(
      problems(text.replacing(Self.postgres, with: without)).first?.message.contains("lacks \"secret\"") == true)
  }

  @Test func aRedshiftDestinationNeedsAKeyAndMayHaveASession() throws {
    let with = """
      {kind: redshift, group: gentle_harbor, region: eu-west-1, workgroup: analytics, database: dev, \
      access_key: "${KEY}", secret_key: "${SECRET}", session_token: "${SESSION}"}
      """
    let (project, none) = parseProject(Array(text.replacing(Self.postgres, with: with).utf8), path: "p")
    #expect(none.isEmpty)
    #expect(project?.destinations["warehouse"]?.values["session_token"] == "${SESSION}")
    let without = with.replacing("secret_key: \"${SECRET}\", ", with: "")
    #expect(
      problems(text.replacing(Self.postgres, with: without)).first?.message.contains("lacks \"secret_key\"") == true)
    let shown = with.replacing("${SESSION}", with: "hunter2")
    #expect(
      problems(text.replacing(Self.postgres, with: shown)).first?.message.contains("secrets never belong") == true)
  }

  static let redshiftHost = """
    {kind: redshift, group: gentle_harbor, host: analytics.example.com, database: dev, user: mooring, password: "${KEY}"}
    """

  @Test func aRedshiftDestinationWithAHostNeedsAUserInsteadOfARegion() {
    let with = text.replacing(Self.postgres, with: Self.redshiftHost)
    let (project, none) = parseProject(Array(with.utf8), path: "p")
    #expect(none.isEmpty)
    #expect(project?.destinations["warehouse"]?.values["host"] == "analytics.example.com")
  }

  @Test(arguments: [
    ("user: mooring", "user: mooring, workgroup: analytics", "\"workgroup\" has no meaning", "with \"host\""),
    ("host: analytics.example.com, ", "", "\"user\" has no meaning", "without \"host\""),
    ("user: mooring, ", "", "lacks \"user\"", ""),
    ("\"${KEY}\"", "hunter2", "secrets never belong", ""),
    (", password: \"${KEY}\"", "", "lacks \"password\"", ""),
  ])
  func aRedshiftDestinationHasTheKeysOfOneWayAlone(from: String, to: String, message: String, way: String) {
    let found = problems(text.replacing(Self.postgres, with: Self.redshiftHost.replacing(from, with: to)))
    #expect(found.contains { $0.message.contains(message) && $0.message.contains(way) }, "\(found)")
  }

  @Test(arguments: [
    ("kind: snowflake", "kind: snowflaek", "unknown kind of destination \"snowflaek\""),
    ("account: acme-prod, ", "", "lacks \"account\""),
    ("account: acme-prod", "account: \"\"", "is empty"),
    ("private_key: \"${KEY}\", ", "", "lacks \"private_key\""),
    ("role: MOORING", "private_key_file: key.p8", "has both \"private_key\" and \"private_key_file\""),
    ("role: MOORING", "location: EU", "has no meaning for a destination of kind \"snowflake\""),
    ("role: MOORING", "rloe: MOORING", "unknown key \"rloe\""),
    ("\"${KEY}\"", "hunter2", "secrets never belong in the repository"),
  ])
  func slipsInADestinationAreFoundWithTheirPlace(old: String, new: String, message: String) throws {
    let found = problems(text.replacing(Self.postgres, with: Self.snowflake.replacing(old, with: new)))
    let first = try #require(found.first)
    #expect(first.message.contains(message), "\(found)")
    #expect(first.line == 4)
    #expect(!"\(found)".contains("hunter2"))
  }

  @Test func everyKindOfDestinationHasADialect() {
    for kind in DestinationKind.all { #expect(Dialect.named(kind.name) != nil, "\(kind.name)") }
    #expect(Set(DestinationKind.all.map(\.name)).count == DestinationKind.all.count)
  }

  @Test(arguments: [
    ("destination: warehouse", "destination: warehuose", "unknown destination"),
    ("include: [salesforce.*]", "include: [salesforce]", "has no dot"),
    ("include:", "incldue:", "unknown key \"incldue\""),
    ("stripe: {id: other_id", "stripe: {id: iodize_impressive", "same id"),
    ("type: block", "brekaing: block", "unknown kind of change"),
    ("mode: observe", "mode: automatic", "unknown mode"), ("stripe:", "../x:", "cannot be called"),
    ("version: 1", "version: 2", "unknown version"),
  ])
  func slipsOfThePenAreFound(old: String, new: String, message: String) {
    let found = problems(text.replacing(old, new))
    #expect(found.contains { $0.message.contains(message) }, "\(found)")
  }
}

@Suite struct ForgeSettingsTests {
  private func forge(_ lines: String) -> (ForgeSettings?, [Diagnostic]) {
    let indented = lines.split(separator: "\n").map { "  \($0)\n" }.joined()
    let (project, problems) = parseProject(Array("\(text)forge:\n\(indented)".utf8), path: "p")
    return (project?.forge, problems)
  }

  @Test func withoutOneItIsTheLocalFolder() {
    #expect(parseProject(Array(text.utf8), path: "p").0?.forge == ForgeSettings(kind: "local", folder: "proposals"))
    #expect(forge("folder: out").0 == ForgeSettings(kind: "local", folder: "out"))
  }

  @Test func aHostedOneHasARepositoryAndAToken() {
    let lines = """
      kind: github
      repository: acme/contracts
      api: https://git.example.com/api/v3
      token: ${GITHUB_TOKEN}
      authorities: /etc/ssl/acme.pem
      proxy: http://proxy.example.com:3128
      """
    #expect(
      forge(lines).0
        == ForgeSettings(
          kind: "github", repository: "acme/contracts", api: "https://git.example.com/api/v3",
          token: "${GITHUB_TOKEN}", authorities: "/etc/ssl/acme.pem", proxy: "http://proxy.example.com:3128",
          dashboard: true))
    let app = "kind: github\nrepository: acme/contracts\napp: {id: Iv1.x, key: \"${KEY}\", installation: 77}"
    #expect(forge(app).0?.app == ForgeApp(id: "Iv1.x", key: "${KEY}", installation: 77))
  }

  @Test func theDashboardIsForHostedOnesUnlessItIsSaidOtherwise() {
    let hosted = "kind: gitlab\nrepository: a/b\ntoken: ${T}"
    #expect(forge(hosted).0?.dashboard == true)
    #expect(forge("\(hosted)\ndashboard: false").0?.dashboard == false)
    #expect(forge("folder: out").0?.dashboard == false)
    #expect(forge("dashboard: true").0?.dashboard == true)
    #expect(forge("\(hosted)\ndashboard: sometimes").1.contains { $0.message.contains("not true or false") })
  }

  @Test(arguments: [
    ("kind: github\nrepository: a/b", "\"forge\" lacks \"token\""),
    ("kind: github\ntoken: ${T}", "\"forge\" lacks \"repository\""),
    ("kind: github\nrepository: a/b\ntoken: hunter2", "\"token\" of \"forge\" is written out"),
    ("kind: github\nrepository: a/b\napp: {id: x, key: hunter2}", "\"key\" of \"app\" is written out"),
    ("kind: github\nrepository: a/b\napp: {id: x, key: \"${K}\", installation: x}", "\"installation\" is no number"),
    ("kind: github\nrepository: a/b\ntoken: ${T}\napp: {id: x, key: \"${K}\"}", "both \"token\" and \"app\""),
    ("kind: github\nrepository: a/b\ntoken: ${T}\nfolder: x", "\"folder\" has no meaning"),
    ("kind: github\nrepository: a/b\ntoken: ${T}\nproxy: http://u:hunter2@p:1", "holds a secret"),
    ("repository: a/b", "\"repository\" has no meaning"), ("tokn: x", "unknown key \"tokn\""),
  ])
  func whatDoesNotFitIsSaidAndNoSecretIsShown(lines: String, message: String) {
    let (settings, problems) = forge(lines)
    #expect(settings == nil)
    #expect(problems.contains { $0.message.contains(message) }, "\(problems)")
    #expect(!"\(problems)".contains("hunter2"))
  }
}
