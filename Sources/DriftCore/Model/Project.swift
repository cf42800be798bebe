/// What `mooring.yaml` says. Texts may hold `${NAME}`, which the command line resolves; secrets are never here.
package struct Project: Hashable, Sendable {
  package var fivetran: FivetranAccess
  /// The protected branch.
  package var branch: String
  package var forge: ForgeSettings
  package var destinations: [DestinationName: DestinationSettings]
  package var connections: [ConnectionName: ConnectionPolicy]
  /// By rule id or its prefix (`column.added`, `type`): for all connections.
  package var policies: [String: Policy]
  package var model: ModelSettings?
  package var notifiers: [NotifierSettings]

  package init(
    fivetran: FivetranAccess, branch: String, forge: ForgeSettings,
    destinations: [DestinationName: DestinationSettings],
    connections: [ConnectionName: ConnectionPolicy], policies: [String: Policy] = [:],
    model: ModelSettings? = nil, notifiers: [NotifierSettings] = []
  ) {
    self.fivetran = fivetran
    self.branch = branch
    self.forge = forge
    self.destinations = destinations
    self.connections = connections
    self.policies = policies
    self.model = model
    self.notifiers = notifiers
  }
}

package struct FivetranAccess: Hashable, Sendable {
  package var api: String
  package var key: String
  package var secret: String

  package init(api: String, key: String, secret: String) {
    self.api = api
    self.key = key
    self.secret = secret
  }
}

package struct ForgeSettings: Hashable, Sendable {
  package var kind: String
  /// For `local`: where patches and texts are written.
  package var folder: String
  /// For the hosted ones: `owner/name`, on GitLab with every group above it.
  package var repository: String
  /// The API's address; nil for the product's public one.
  package var api: String?
  /// Nil where an App stands in its place.
  package var token: String?
  package var app: ForgeApp?
  /// A file with the certificate authorities to trust in PEM; nil for the system's.
  package var authorities: String?
  /// Nil for a direct connection: the environment's proxies are not used.
  package var proxy: String?
  /// Whether there is an issue that shows what waits for somebody.
  package var dashboard: Bool

  package var isLocal: Bool { kind == "local" }

  package init(
    kind: String, folder: String = "", repository: String = "", api: String? = nil,
    token: String? = nil, app: ForgeApp? = nil, authorities: String? = nil, proxy: String? = nil,
    dashboard: Bool = false
  ) {
    self.kind = kind
    self.folder = folder
    self.repository = repository
    self.api = api
    self.token = token
    self.app = app
    self.authorities = authorities
    self.proxy = proxy
    self.dashboard = dashboard
  }
}

/// A GitHub App.
package struct ForgeApp: Hashable, Sendable {
  package var id: String
  package var key: String
  /// Nil: to be looked up.
  package var installation: Int?

  package init(id: String, key: String, installation: Int? = nil) {
    self.id = id
    self.key = key
    self.installation = installation
  }
}

package struct DestinationSettings: Hashable, Sendable {
  /// The dialect's id.
  package var kind: String
  /// Fivetran's group id, which is the destination's id as well.
  package var group: String
  /// By the keys of the kind.
  package var values: [String: String]
  package var pace: ApplyPace

  package init(kind: String, group: String, values: [String: String], pace: ApplyPace = ApplyPace()) {
    self.kind = kind
    self.group = group
    self.values = values
    self.pace = pace
  }

  /// Of a kind that is told an address.
  package init(kind: String, group: String, url: String) {
    self.init(kind: kind, group: group, values: ["url": url])
  }
}

/// How far Mooring goes for one connection.
package struct ConnectionPolicy: Hashable, Sendable {
  package enum Mode: String, Hashable, Sendable, CaseIterable {
    case observe, propose
    /// As `propose`; and the forge is asked to merge what is green, by itself, once its own rules allow it.
    case automate
  }

  package enum NewTables: String, Hashable, Sendable, CaseIterable {
    case ignore, report, propose
  }

  package enum Columns: String, Hashable, Sendable, CaseIterable {
    /// Columns that the contract does not list are tolerated.
    case listed
    case all
  }

  package enum Types: String, Hashable, Sendable, CaseIterable {
    case auto, catalogue, metadata
  }

  package enum SettingsOwner: String, Hashable, Sendable, CaseIterable {
    case mooring, terraform, ui
  }

  package enum Approval: String, Hashable, Sendable, CaseIterable {
    /// Being on the protected branch is enough.
    case merge
    /// The commit that landed it is signed by an allowed signer.
    case signature
    /// People have reviewed what was merged, on the forge.
    case forge
  }

  package var id: ConnectionID
  package var destination: DestinationName
  package var mode: Mode
  package var types: Types
  package var columns: Columns
  package var newTables: NewTables
  package var settingsOwner: SettingsOwner
  /// So many pull requests are open at once; what breaks readers comes on top.
  package var openProposals: Int
  /// When pull requests are opened, but for what breaks readers; nil is at any time.
  package var schedule: Schedule?
  /// Globs over `schema.table`; empty is everything.
  package var include: [String]
  package var exclude: [String]
  package var policies: [String: Policy]
  /// In the order of the file.
  package var tables: [TablePolicy]
  package var approval: Approval
  /// How many people, for `forge`.
  package var reviews: Int
  /// When, and how much at a time, what is merged is applied.
  package var pace: ApplyPace
  /// Whether red findings pause the connection in Fivetran, and for how long at most; nil is not at all.
  package var longestPause: Duration?

  package init(
    id: ConnectionID, destination: DestinationName, mode: Mode = .observe, types: Types = .auto,
    columns: Columns = .all, newTables: NewTables = .report, settingsOwner: SettingsOwner = .ui,
    openProposals: Int = 10, schedule: Schedule? = nil, include: [String] = [], exclude: [String] = [],
    policies: [String: Policy] = [:], tables: [TablePolicy] = [], approval: Approval = .merge, reviews: Int = 1,
    pace: ApplyPace = ApplyPace(), longestPause: Duration? = nil
  ) {
    self.id = id
    self.destination = destination
    self.mode = mode
    self.types = types
    self.columns = columns
    self.newTables = newTables
    self.settingsOwner = settingsOwner
    self.openProposals = openProposals
    self.schedule = schedule
    self.include = include
    self.exclude = exclude
    self.policies = policies
    self.tables = tables
    self.approval = approval
    self.reviews = reviews
    self.pace = pace
    self.longestPause = longestPause
  }
}

/// Policies for some tables of a connection, and for columns of theirs.
package struct TablePolicy: Hashable, Sendable {
  /// A glob over `schema.table`.
  package var pattern: String
  package var policies: [String: Policy]
  package var columns: [ColumnName: [String: Policy]]

  package init(pattern: String, policies: [String: Policy] = [:], columns: [ColumnName: [String: Policy]] = [:]) {
    self.pattern = pattern
    self.policies = policies
    self.columns = columns
  }

  package var isPattern: Bool { pattern.utf8.contains { $0 == 0x2A || $0 == 0x3F } }
}

package struct ModelSettings: Hashable, Sendable {
  package var baseURL: String
  package var name: String
  package var key: String

  package init(baseURL: String, name: String, key: String) {
    self.baseURL = baseURL
    self.name = name
    self.key = key
  }
}

package struct NotifierSettings: Hashable, Sendable {
  package var kind: String
  package var url: String
  package var secret: String
  /// Empty is every event.
  package var events: [String]

  package init(kind: String, url: String, secret: String, events: [String] = []) {
    self.kind = kind
    self.url = url
    self.secret = secret
    self.events = events
  }
}
