extension SchemaChange {
  /// Past participle for counts.
  package var word: String {
    switch self {
    case .connectionChanged(.changeHandlingChanged): "change handling changed"
    case .connectionChanged(.schemaAdded): "new schema"
    case .connectionChanged(.schemaRemoved): "schema removed"
    case .connectionChanged(.schemaDisabled): "schema switched off"
    case .connectionChanged(.schemaEnabled): "schema switched on"
    case .tableAdded: "new table"
    case .tableRemoved: "table removed"
    case .tableRenameSuspected: "table perhaps renamed"
    case .tableDisabled: "table switched off"
    case .tableEnabled: "table switched on"
    case .syncModeChanged: "sync mode changed"
    case .tableKindChanged: "table or view changed"
    case .primaryKeyChanged, .uniqueAdded, .uniqueDropped: "key changed"
    case .columnAdded: "added"
    case .columnBlocked: "kept out"
    case .columnLanded: "landed"
    case .columnRemoved: "removed"
    case .columnRenamed: "renamed"
    case .renameSuspected: "perhaps renamed"
    case .unitSuspected: "other unit"
    case .columnReadded: "back as another"
    case .columnDisabled: "switched off"
    case .columnEnabled: "switched on"
    case .columnHashed: "hashed"
    case .columnUnhashed: "no longer hashed"
    case .typeChanged: "retyped"
    case .nullabilityRelaxed, .nullabilityTightened: "nullability changed"
    case .referenceOrphaned: "rule left behind"
    case .contractEdited: "contract edited"
    case .targetMissing, .targetColumnMissing: "missing in the target"
    case .targetTypeNarrower, .targetTypeDiffers: "other type in the target"
    case .mappingEdited: "mapping edited"
    }
  }
}
