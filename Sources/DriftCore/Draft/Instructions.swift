/// What to do about a table's changes, before anything is written out.
struct Instructions {
  var contractEdits: [ContractEdit] = []
  /// The new key, where it is another one.
  var key: [ColumnName]?
  var mappingEdits: [MappingEdit] = []
  /// Without backfills, which follow everything else.
  var actions: [AlterAction] = []
  var backfill: [ColumnName] = []
  var patches: [SettingsPatch] = []
  /// Settings that somebody else is to change: apply looks whether they did.
  var watched: [SettingsPatch] = []
  /// Landed columns that only a sync after the patches brings.
  var awaited: [ColumnName] = []
  /// By fingerprint, in words for the reviewer.
  var notes: [String: [String]] = [:]
  /// Decides the contract's next version.
  var worst: ReaderEffect = .safe

  mutating func note(_ change: ClassifiedChange, _ text: String) {
    notes[change.fingerprint, default: []].append(text)
  }
}
