extension Rule {
  /// Never guessed at, never sent to DDL.
  static let typeUnknown = Rule(
    id: "type.unknown", summary: "A type that Mooring does not know is involved."
  ) { change, _ in
    guard case .typeChanged(_, let from, let to) = change, let new = to.type else { return nil }
    guard from.isUnrecognized || new.isUnrecognized else { return nil }
    return verdict(
      "type.unknown", .risky, writes: .conditional, back: .data, policy: .review,
      "\(spelled(change)): not a type that Mooring knows, so nothing is drafted for it")
  }

  /// Every old value fits the new type.
  static let typeWidened = Rule(
    id: "type.widened", summary: "A type holds more than before and everything that it held."
  ) { change, _ in
    guard case .typeChanged(_, let from, let to) = change, let new = to.type,
      widens(from, to: new), !new.isText || from.isText
    else { return nil }
    let isSilent = widensSilently(from, new)
    return verdict(
      widenedID(from, new), isSilent ? .safe : .risky, writes: .ok, back: .data,
      policy: isSilent ? .auto : .review, spelled(change))
  }

  /// The loader's usual promotion: comparison, sorting and arithmetic change meaning.
  static let typeToText = Rule(
    id: "type.toString", summary: "A column of another type has become text."
  ) { change, _ in
    guard case .typeChanged(_, let from, let to) = change, let new = to.type, new.isText,
      !from.isText
    else { return nil }
    return verdict(
      "type.toString", .breaking, writes: .ok, back: .data, policy: .review,
      "\(spelled(change)): comparisons, sorting and arithmetic change meaning")
  }

  static let typeNarrowed = Rule(
    id: "type.narrowed", summary: "A type holds less than before."
  ) { change, _ in
    guard case .typeChanged(_, let from, let to) = change, let new = to.type,
      widens(new, to: from)
    else { return nil }
    if from.isText, !new.isText {
      return verdict(
        "type.fromString", .breaking, writes: .fails, back: .no, policy: .block,
        "\(spelled(change)): values that do not parse are lost")
    }
    return verdict(
      "type.narrowed", .risky, writes: .fails, back: .no, policy: .block,
      "\(spelled(change)): values that do not fit are lost or fail to load")
  }

  static let typeIncompatible = Rule(
    id: "type.incompatible", summary: "A type has become one of another family."
  ) { change, _ in
    guard case .typeChanged = change else { return nil }
    return verdict(
      "type.incompatible", .breaking, writes: .conditional, back: .no, policy: .block,
      spelled(change))
  }
}

private func spelled(_ change: SchemaChange) -> String {
  guard case .typeChanged(let promise, _, let to) = change else { return "" }
  return "\(promise.physicalType ?? "unknown") became \(to.physicalType ?? "unknown")"
}

/// The same values in a wider container: no reader can tell, but by the width.
private func widensSilently(_ from: ColumnType, _ to: ColumnType) -> Bool {
  switch (from, to) {
  case (.integer, .integer), (.text, .text), (.float, .float): true
  case (.decimal(_, let old), .decimal(_, let new)): old == new
  default: false
  }
}

private func widenedID(_ from: ColumnType, _ to: ColumnType) -> String {
  switch (from, to) {
  case (.integer, .integer): "type.integerWidened"
  case (.text, .text): "type.lengthWidened"
  case (.float, .float): "type.floatWidened"
  case (.decimal(_, let old), .decimal(_, let new)) where old == new: "type.precisionWidened"
  case (.decimal, .decimal): "type.scaleWidened"
  case (.integer, .decimal): "type.integerToDecimal"
  case (.integer, .float): "type.integerToFloat"
  case (.date, .timestamp): "type.dateToTimestamp"
  default: "type.widened"
  }
}

extension ColumnType {
  package var isUnrecognized: Bool {
    if case .unrecognized = self { true } else { false }
  }

  package var isText: Bool {
    if case .text = self { true } else { false }
  }
}
