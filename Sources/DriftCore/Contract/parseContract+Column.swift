/// A column with what the checks across columns need.
struct DecodedColumn {
  var value: ContractColumn
  /// What the contract calls it; the destination may spell it otherwise.
  var contractName: String
  /// Not a measure or a dimension, which no warehouse has (`semanticType`, since v3.2.0).
  var isPhysical: Bool
  var node: YAMLNode
}

extension YAMLDecoder {
  mutating func columns(of table: YAMLNode) -> [DecodedColumn] {
    var columns: [DecodedColumn] = []
    var names: Set<ColumnName> = []
    var contractNames: Set<ColumnName> = []
    var alike: [String: ContractColumn] = [:]
    var positions: [Int: ColumnName] = [:]
    for node in table.value("properties")?.items ?? [] {
      guard let column = column(node) else { continue }
      let name = column.value.name
      let isNew = names.insert(name).inserted
      if !contractNames.insert(ColumnName(column.contractName)).inserted || !isNew {
        error(node, "a second column \"\(name)\"", hint: "column names are unique in a table")
      } else if let other = alike.updateValue(column.value, forKey: name.likeness),
        // Where both have been observed, both are there: that is how it is, and no slip of the pen.
        other.sourceColumn == nil || column.value.sourceColumn == nil
      {
        let spelled = other.name.spellings(beside: name).map { ", spelled \($0)" } ?? ""
        warn(
          node,
          "columns \"\(visible(other.name.text))\" and \"\(visible(name.text))\" look alike\(spelled)",
          hint: "they are kept apart byte by byte; a warehouse that folds case has only one of them",
          check: .lookAlikes)
      }
      if let position = column.value.primaryKeyPosition,
        let other = positions.updateValue(name, forKey: position)
      {
        error(
          node["primaryKeyPosition"] ?? node,
          "columns \"\(other)\" and \"\(name)\" share primaryKeyPosition \(position)")
      }
      columns.append(column)
    }
    return columns
  }

  private mutating func column(_ node: YAMLNode) -> DecodedColumn? {
    let properties = customProperties(of: node)
    guard let name = node.value("name")?.text, !name.isEmpty,
      let inDestination = nameInDestination(of: node, isObserved: properties[.sourceColumn] != nil)
    else { return nil }
    var column = ContractColumn(name: ColumnName(inDestination))
    column.id = node.value("id")?.text
    column.physicalType = node.value("physicalType")?.text
    column.logicalType = node.value("logicalType")?.text
    column.isRequired = node.value("required")?.boolean ?? false
    column.isUnique = node.value("unique")?.boolean ?? false
    primaryKey(of: &column, node)
    column.isDeprecated = isDeprecated(node, properties)
    column.sourceColumn = customText(.sourceColumn, in: properties)
    column.isEnabled = customBoolean(.enabled, in: properties)
    column.isHashed = customBoolean(.hashed, in: properties)
    column.classification = node.value("classification")?.text
    column.description = node.value("description")?.text
    column.tags = node.value("tags")?.items?.compactMap(\.text) ?? []
    column.synonyms =
      node.value("synonyms")?.items?.compactMap { $0.value("synonym")?.text }
      ?? properties[.synonyms]?.items?.compactMap(\.text) ?? []
    column.policy = policies(properties[.driftPolicy], of: "\"driftPolicy\" of column \"\(name)\"")
    column.isCritical = node.value("criticalDataElement")?.boolean ?? false
    if let node = properties[.position] { _ = integer(node, "position") }
    return DecodedColumn(
      value: column, contractName: name, isPhysical: ["column", nil].contains(node.value("semanticType")?.text),
      node: node)
  }

  /// What the destination calls a table or a column; nil where it has no name that could be one.
  ///
  /// - Parameter isObserved: whether the destination is known to call it so, so that nobody mistyped it.
  mutating func nameInDestination(of fields: YAMLNode, isObserved: Bool = false) -> String? {
    guard let node = fields.value("physicalName") ?? fields.value("name"), let name = node.text else { return nil }
    if name.isEmpty {
      error(node, "the name is empty", hint: "write the name that the destination has, or leave \"physicalName\" out")
      return nil
    }
    if name.unicodeScalars.contains("\0") {
      error(node, "the name \"\(visible(name))\" holds U+0000", hint: "no warehouse can have such a name")
      return nil
    }
    if !isObserved, let scalar = name.unicodeScalars.first(where: isUnsafe) {
      warn(
        node, "the name \"\(visible(name))\" holds \(hexadecimal(scalar)), which is not seen",
        hint: "no statement is written for such a name; correct it, or rename it at the source")
    }
    return name
  }

  private mutating func primaryKey(of column: inout ContractColumn, _ fields: YAMLNode) {
    column.isPrimaryKey = fields.value("primaryKey")?.boolean ?? false
    guard let node = fields.value("primaryKeyPosition"), let position = node.integer, position != -1 else { return }
    if position < 1 {
      error(node, "primaryKeyPosition is \(position)", hint: "count from 1")
    } else if !column.isPrimaryKey {
      error(node, "primaryKeyPosition without primaryKey", hint: "add \"primaryKey: true\"")
    } else {
      column.primaryKeyPosition = position
    }
  }
}
