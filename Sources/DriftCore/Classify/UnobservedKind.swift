/// A kind of drift that nothing Mooring looks at can tell.
package struct UnobservedKind: Hashable, Sendable {
  package var ids: [String]
  /// Goes on after "because".
  package var reason: String

  package static let all: [UnobservedKind] = [
    UnobservedKind(
      ids: ["schema.renamed"],
      reason:
        "Fivetran never renames a schema in the destination; one renamed at the source is a new one and one that went"),
    UnobservedKind(
      ids: ["table.renamed"],
      reason:
        "Fivetran takes a renamed table for a new and a deleted one; what may be one is told as table.renamed.candidate"
    ),
    UnobservedKind(
      ids: ["table.split", "table.merged", "column.split", "column.merged", "column.moved"],
      reason: "that values went elsewhere shows in rows, which are not read; each part is told as added and removed"),
    UnobservedKind(
      ids: ["type.synonym"],
      reason: "two spellings of one type, such as `int8` and `bigint`, are one type here and no difference"),
    UnobservedKind(
      ids: ["column.positionChanged"],
      reason: "Fivetran gives no order, and the destination's is not the source's: it changes when a type is widened"),
    UnobservedKind(
      ids: ["column.maskingChanged"],
      reason: "masking policies of the destination are not in the catalogue that is read"),
    UnobservedKind(
      ids: ["column.commentChanged"], reason: "comments of the destination are not in the catalogue that is read"),
    UnobservedKind(
      ids: ["column.defaultChanged", "column.generatedChanged", "column.collationChanged", "column.charsetChanged"],
      reason: "Fivetran writes every value itself and carries over neither defaults nor collations of the source"),
    UnobservedKind(
      ids: ["column.enumValueAdded", "column.enumValueRemoved"],
      reason: "Fivetran lands enumerations as text: which values there are shows in rows, which are not read"),
    UnobservedKind(
      ids: ["column.deprecatedFlag"],
      reason:
        "a column that an edit marks deprecated is told as column.removed, since that is what its readers live through"),
    UnobservedKind(
      ids: ["fk.added", "fk.removed", "fk.changed"],
      reason: "Fivetran carries over no foreign keys, and warehouses do not enforce them"),
    UnobservedKind(
      ids: ["partition.changed", "cluster.changed"],
      reason: "they are not in the catalogue that is read; they change cost, not meaning"),
    UnobservedKind(
      ids: ["snapshot.incomplete"],
      reason: "half a read is no drift: nothing is concluded from it, and a mass removal is held for a person"),
  ]
}
