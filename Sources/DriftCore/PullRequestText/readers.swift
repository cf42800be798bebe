/// Whose table it is, and who feeds it. Mooring does not know who queries it.
func whoIsAffected(_ table: TableDraft) -> Markdown {
  guard let target = table.target, target.kind != .none else {
    return "**Affects** whoever reads \(code: table.table.description): no target is mapped to it.\n\n"
  }
  let owner: Markdown = target.owner.map { ", owned by \(code: $0)" } ?? ""
  let name: Markdown = "\(code: target.table.description)"
  switch target.kind {
  case .view: return "**Affects** the view \(name)\(owner), which Mooring maintains.\n\n" + oldView(table)
  default:
    let feeder: Markdown = target.fedBy == "external" ? "your own job" : "\(code: target.fedBy)"
    return "**Affects** the table \(name)\(owner), which \(feeder) fills with `load.sql`.\n\n"
  }
}

/// More are counted.
private let dependantsInView = 20

/// What becomes of the old view where the new one cannot take its place, and of whoever reads it.
private func oldView(_ table: TableDraft) -> Markdown {
  guard let kept = table.change.keptView else { return "" }
  let count = table.dependants.count
  let names = table.dependants.prefix(dependantsInView).map { Markdown("\(code: $0.description)") }
  let rest: Markdown = count > names.count ? " and \(count - names.count) more" : ""
  let readers: Markdown =
    count == 0
    ? "No other view is known to be bound to it."
    : "\(counted(count, "view")) \(count == 1 ? "reads" : "read") it and \(count == 1 ? "goes" : "go") on reading the old one: \(Markdown.joined(names, separator: ", "))\(rest)."
  return
    "The warehouse does not take the new view in the place of the old one, which stays as \(code: kept.description) until somebody drops it. \(readers) The new view has the grants listed below and belongs to the role that applies; comments and options stay with the old one.\n\n"
}

/// What has landed already, which rows lack it, and what would fill them: a re-sync is never asked for unseen.
func oldRows(_ table: TableDraft) -> Markdown {
  var text: Markdown = ""
  for change in table.changes {
    switch change.change {
    case .columnAdded(let column), .columnLanded(let column):
      if column.landed != .present { continue }
      text +=
        "- \(code: column.name.text) has landed, \(since(change, in: table)); rows that Fivetran has not read since it landed hold NULL in it\n"
    case .columnBlocked(let column):
      text +=
        "- \(code: column.name.text) is at the source, \(since(change, in: table)), and lands from the first sync after it is switched on; rows that are not read again hold NULL in it\n"
    case .columnRenamed(let old, let new, _):
      text +=
        "- \(code: new.name.text) holds new and changed rows; the others still have their value in \(code: old.name.text)\n"
    default: continue
    }
  }
  if text == "" { return "" }
  let rows: Markdown = table.rowEstimate.map { ", about \(Int($0))" } ?? ""
  text +=
    "- to fill the landed table, re-sync \(code: table.table.description) in Fivetran: it reads every row again\(rows), and whether that is billed depends on your plan. This change does not ask for one\n"
  return "### Old rows\n\n\(text)\n"
}

/// About since when rows lack it: it may have landed before, or with a sync that was under way.
private func since(_ change: ClassifiedChange, in table: TableDraft) -> Markdown {
  guard let time = table.firstSeen[change.fingerprint] else { return "since when is not known here" }
  return "first seen after the sync that ended at \(code: time.description)"
}
