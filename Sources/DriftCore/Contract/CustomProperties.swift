/// One custom property of ours: since 3.2.0 with a vendor, before that with the vendor before the name.
struct CustomProperty {
  var vendor: String
  var name: String

  var prefixed: String { vendor + name.prefix(1).uppercased() + name.dropFirst() }

  static let sourceSchema = CustomProperty(vendor: "fivetran", name: "sourceSchema")
  static let sourceTable = CustomProperty(vendor: "fivetran", name: "sourceTable")
  static let sourceColumn = CustomProperty(vendor: "fivetran", name: "sourceColumn")
  static let syncMode = CustomProperty(vendor: "fivetran", name: "syncMode")
  static let enabled = CustomProperty(vendor: "fivetran", name: "enabled")
  static let hashed = CustomProperty(vendor: "fivetran", name: "hashed")
  static let driftPolicy = CustomProperty(vendor: "mooring", name: "driftPolicy")
  /// The landed table's schema, where the server does not name it.
  static let schema = CustomProperty(vendor: "mooring", name: "schema")
  /// What v3.2.0 has keys for.
  static let deprecated = CustomProperty(vendor: "mooring", name: "deprecated")
  static let synonyms = CustomProperty(vendor: "mooring", name: "synonyms")
}

/// The custom properties of one object.
struct CustomProperties {
  /// One property's own mapping, with its value.
  var items: [(name: String, vendor: String?, node: YAMLNode, value: YAMLNode)] = []

  subscript(property: CustomProperty) -> YAMLNode? {
    for item in items {
      if item.name == property.name, item.vendor == property.vendor { return item.value }
      if item.vendor == nil, item.name == property.prefixed { return item.value }
    }
    return nil
  }
}

extension YAMLDecoder {
  /// Reads what `ODCSShape` has checked.
  mutating func customProperties(of object: YAMLNode) -> CustomProperties {
    var properties = CustomProperties()
    for node in object["customProperties"]?.items ?? [] {
      // A value may be an empty text or null, which is nobody's setting but a legal property.
      guard let name = node.value("property")?.text, let value = node["value"] else { continue }
      let vendor = node.value("vendor")?.text
      if properties.items.contains(where: { $0.name == name && $0.vendor == vendor }) {
        error(node, "a second custom property \"\(name)\"")
      }
      properties.items.append((name, vendor, node, value))
    }
    return properties
  }

  mutating func customText(_ property: CustomProperty, in properties: CustomProperties) -> String? {
    guard let node = properties[property], !node.isEmpty else { return nil }
    return text(node, "\"\(property.name)\"")
  }

  mutating func customBoolean(_ property: CustomProperty, in properties: CustomProperties) -> Bool? {
    guard let node = properties[property] else { return nil }
    return boolean(node, property.name)
  }
}
