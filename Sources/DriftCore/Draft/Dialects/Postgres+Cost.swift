/// Source: PostgreSQL documentation, "ALTER TABLE" and "Explicit Locking"; rewrites were measured on 15.
func postgresCost(_ action: AlterAction, _ change: TypeChange?) -> String {
  switch action {
  case .addColumn, .dropColumn, .renameColumn, .dropNotNull, .renameTable, .dropPrimaryKey:
    "ACCESS EXCLUSIVE for a moment, no rewrite"
  case .setType:
    switch change {
    case .same, .inPlace(rewrites: false): "ACCESS EXCLUSIVE for a moment, no rewrite"
    case .inPlace(rewrites: true), .addCopySwap, .needsPerson, .unknown, nil:
      "ACCESS EXCLUSIVE while every row and index is written again"
    }
  case .setNotNull: "ACCESS EXCLUSIVE while every row is read, no rewrite"
  case .addPrimaryKey: "ACCESS EXCLUSIVE while every row is read and an index is built; fails where keys repeat"
  case .grant: "metadata only, no row is touched"
  case .commentColumn, .commentTable: "SHARE UPDATE EXCLUSIVE for a moment, no row is touched"
  case .copyColumn: "row locks on every row until it ends; writes every row again"
  case .replaceView, .dropView: "ACCESS EXCLUSIVE on the view for a moment, no row is touched"
  case .backfill: "row locks, a batch at a time; reads the landed table once along the key"
  }
}
