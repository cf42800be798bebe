/// One custom property of ours: since 3.2.0 with a vendor, before that with the vendor before the name.
struct CustomProperty {
  var vendor: String
  var name: String

  var prefixed: String { vendor + name.prefix(1).uppercased() + name.dropFirst() }

  static let sourceSchema = CustomProperty(vendor: "fivetran", name: "sourceSchema")
  static let sourceTable = CustomProperty(vendor: "fivetran", name: "sourceTable")
  static let sourceColumn = CustomProperty(vendor: "fivetran", name: "sourceColumn")
  static let syncMode = CustomProperty(vendor: "fivetran", name: "syncMode")
  static let schemaChangeHandling = CustomProperty(vendor: "fivetran", name: "schemaChangeHandling")
  static let enabled = CustomProperty(vendor: "fivetran", name: "enabled")
  static let hashed = CustomProperty(vendor: "fivetran", name: "hashed")
  /// Of a column, where the order matters to somebody; from 1.
  static let position = CustomProperty(vendor: "mooring", name: "position")
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
  let items: [(name: String, vendor: String?, node: YAMLNode, value: YAMLNode)]

  /// - Parameter object: one that has them, as `ODCSShape` has checked it.
  init(of object: YAMLNode) {
    items = (object["customProperties"]?.items ?? []).compactMap { node in
      // A value may be an empty text or null, which is nobody's setting but a legal property.
      guard let name = node.value("property")?.text, let value = node["value"] else { return nil }
      return (name, node.value("vendor")?.text, node, value)
    }
  }

  subscript(property: CustomProperty) -> YAMLNode? {
    for item in items {
      if item.name == property.name, item.vendor == property.vendor { return item.value }
      if item.vendor == nil, item.name == property.prefixed { return item.value }
    }
    return nil
  }
}

extension YAMLDecoder {
  /// The custom properties of an object, none of which may be there twice.
  mutating func customProperties(of object: YAMLNode) -> CustomProperties {
    let properties = CustomProperties(of: object)
    for (index, item) in properties.items.enumerated()
    where properties.items[..<index].contains(where: { $0.name == item.name && $0.vendor == item.vendor }) {
      error(item.node, "a second custom property \"\(item.name)\"")
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
