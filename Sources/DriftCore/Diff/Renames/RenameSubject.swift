/// A removed or an added column, as far as it matters for telling a rename.
package struct RenameSubject: Hashable, Sendable {
  package var name: ColumnName
  package var type: ColumnType
  /// Nil where it is not known.
  package var isNullable: Bool?
  package var isPrimaryKey: Bool?
  /// Where the source's own catalogue has it; nil where its order is not known.
  package var place: SourcePlace?

  package init(
    name: ColumnName, type: ColumnType, isNullable: Bool? = nil, isPrimaryKey: Bool? = nil, place: SourcePlace? = nil
  ) {
    self.name = name
    self.type = type
    self.isNullable = isNullable
    self.isPrimaryKey = isPrimaryKey
    self.place = place
  }
}

/// What is known of the table beside its removed and added columns.
package struct RenameSetting: Hashable, Sendable {
  /// The table's name before and after; they differ where the table was renamed as well.
  package var tableBefore: String
  package var tableAfter: String
  /// Types that columns of this table changed to while they kept their names: the same change is no obstacle to a rename.
  package var typeChanges: Set<[ColumnType]>

  package init(tableBefore: String, tableAfter: String, typeChanges: Set<[ColumnType]> = []) {
    self.tableBefore = tableBefore
    self.tableAfter = tableAfter
    self.typeChanges = typeChanges
  }
}

/// How the types of a removed and an added column relate.
enum TypeRelation {
  case same, wider, text
  /// Values would be lost or change their meaning.
  case other

  init(_ from: ColumnType, _ to: ColumnType, in setting: RenameSetting) {
    if from == to || setting.typeChanges.contains([from, to]) {
      self = .same
    } else if from.isText, to.isText {
      self = .same
    } else if widens(from, to: to) {
      self = to.isText ? .text : .wider
    } else {
      self = .other
    }
  }
}
