import DriftCore
import Fivetran
import Forges
import Glibc
import LanguageModels
import Notifiers
import Reconciliation
import Storage
import Transport

/// Chooses the concrete types. The only file that knows them.
struct Wiring: Sendable {
  let project: Project
  let secrets: Secrets
  let transport: any HTTPTransport
  let fivetran: FivetranClient

  init(_ project: Project, secrets: Secrets = Secrets()) throws {
    self.project = project
    self.secrets = secrets
    transport = try RetryingTransport.live()
    let access = project.fivetran
    fivetran = FivetranClient(
      api: try secrets.resolve(access.api, for: "fivetran.api").reveal(),
      key: try secrets.resolve(access.key, for: "fivetran.key"),
      secret: try secrets.resolve(access.secret, for: "fivetran.secret"), transport: transport)
  }

  /// - Parameter keepsNothing: whether to work without the cache, as if it had been lost.
  func reconciler(
    for workplace: Workplace, keepsNothing: Bool, progress: Progress
  ) async throws -> Reconciler {
    let cache: any Cache = keepsNothing ? MemoryCache() : try Self.cache(for: workplace)
    return Reconciler(
      project: project, root: workplace.root, source: fivetran, pauser: fivetran, typeSource: fivetran,
      preview: fivetran,
      destinations: try destinations(), repository: workplace.repository, forge: try forge(remembering: cache),
      model: try model(), notifiers: try notifiers(),
      cache: cache, approvalFloor: workplace.approvalFloor, holder: processHolder(), now: { currentTime() },
      progress: { progress.show($0) }, beforeAct: killSwitch())
  }

  static func cache(for workplace: Workplace) throws -> any Cache {
    try SQLiteCache(path: workplace.state + "/cache.sqlite")
  }

  /// What runs have kept; nil where none did.
  static func keptCache(for workplace: Workplace) throws -> (any Cache)? {
    access(workplace.state + "/cache.sqlite", F_OK) == 0 ? try cache(for: workplace) : nil
  }

  func observer(progress: Progress) throws -> Observer {
    Observer(
      project: project, source: fivetran, typeSource: fivetran,
      destinations: try destinations(), cache: MemoryCache(), progress: { progress.show($0) })
  }

  func forge(remembering cache: (any Cache)? = nil) throws -> any Forge {
    let settings = project.forge
    if settings.kind == "local" {
      return LocalForge(folder: absolutePath(try secrets.resolve(settings.folder, for: "forge.folder").reveal()))
    }
    guard let kind = HostedKind.all.first(where: { $0.name == settings.kind }) else {
      let known = (HostedKind.all.map(\.name) + ["local"]).joined(separator: ", ")
      throw UsageError("forge.kind: \"\(settings.kind)\" is not known", hint: "known are: \(known)")
    }
    return try HostedForge(
      kind,
      HostedSettings(
        api: try settings.api.map { try secrets.resolve($0, for: "forge.api").reveal() },
        repository: settings.repository, credential: try forgeCredential(), transport: try forgeTransport(),
        now: { currentTime() }, cache: cache))
  }

  private func forgeCredential() throws -> HostedSettings.Credential {
    let settings = project.forge
    if let app = settings.app {
      return .app(
        id: app.id, key: try secrets.resolve(app.key, for: "forge.app.key"), installation: app.installation)
    }
    return .token(try secrets.resolve(settings.token ?? "", for: "forge.token"))
  }

  /// The forge may stand behind a proxy or have a private certificate authority; nothing else is sent that way.
  private func forgeTransport() throws -> any HTTPTransport {
    let settings = project.forge
    if settings.authorities == nil, settings.proxy == nil { return transport }
    return try RetryingTransport.live(
      LiveTransport.Options(
        authorities: try settings.authorities.map {
          absolutePath(try secrets.resolve($0, for: "forge.authorities").reveal())
        },
        proxy: try settings.proxy.map { try secrets.resolve($0, for: "forge.proxy") }))
  }

  private func model() throws -> (any LanguageModel)? {
    guard let settings = project.model else { return nil }
    return OpenAICompatibleModel(
      baseURL: try secrets.resolve(settings.baseURL, for: "model.base_url").reveal(),
      name: settings.name, key: try secrets.resolve(settings.key, for: "model.key"),
      transport: transport)
  }

  private func notifiers() throws -> [any Notifier] {
    try project.notifiers.map { settings in
      WebhookNotifier(
        url: try secrets.resolve(settings.url, for: "notify.url"),
        secret: try secrets.resolve(settings.secret, for: "notify.secret"),
        events: Set(settings.events), transport: transport)
    }
  }
}
