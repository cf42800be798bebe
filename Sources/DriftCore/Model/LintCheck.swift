/// What kind of thing a finding about a file is. The ids are stable: programs tell findings apart by them.
package enum LintCheck: String, Hashable, Sendable, CaseIterable {
  case contract
  case contractTypes = "contract.types"
  case lookAlikes = "contract.lookAlikes"
  case mapping
  case change
  case statements
  case project
  case connection
  case yaml
  case unknownKey = "key.unknown"
  case missingKey = "key.missing"

  package var id: String { rawValue }

  /// What a finding of the kind says, in general.
  package var text: String {
    switch self {
    case .contract: "A contract that is not as the standard has it"
    case .contractTypes: "A type or a name that the destination does not have"
    case .lookAlikes: "Two columns whose names look alike"
    case .mapping: "A mapping that cannot be rendered"
    case .change: "A change that would not be applied"
    case .statements: "Statements that do not go with their change"
    case .project: "Settings that cannot be read"
    case .connection: "The promise of a connection that cannot be read"
    case .yaml: "A file that is not YAML as Mooring reads it"
    case .unknownKey: "A key that nothing reads"
    case .missingKey: "A key that must be there and is not"
    }
  }

  /// The general kind of what is found in a file.
  init(file path: String) {
    let name = path.split(separator: "/").last
    switch name {
    case "mapping.yaml", "load.sql": self = .mapping
    case "change.yaml": self = .change
    case "up.sql", "down.sql": self = .statements
    case "mooring.yaml": self = .project
    case "connection.yaml": self = .connection
    default: self = .contract
    }
  }
}
