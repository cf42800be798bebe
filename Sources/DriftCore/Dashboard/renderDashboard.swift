extension Dashboard {
  /// The first line, which is not shown: by it, and by its author, the issue is found again.
  package static let marker: Markdown = "<!-- mooring:v1 kind=dashboard -->"

  package static func isDashboard(_ body: String) -> Bool { body.hasPrefix(marker.description) }

  /// The text of the issue: the same dashboard is the same text.
  ///
  /// - Parameter kept: ticks that could not be carried out yet: their boxes stay ticked.
  package func body(keeping kept: Set<DashboardTick> = []) -> Markdown {
    var text = Self.marker + "\n\n"
    if isEmpty { return text + "Nothing waits for anybody.\n" }
    text += "What waits for somebody. A ticked box is carried out by the next run, which then takes the tick away.\n"
    for section in Section.allCases where !self[section].isEmpty {
      text += "\n### \(section.heading)\n\n\(section.explanation)\n\n"
      if section == .limited { text += line(Item("all of these"), .proposeAll, kept) }
      for item in self[section].prefix(Self.itemsShown) { text += line(item, item.tick, kept) }
      let rest = self[section].count - Self.itemsShown
      if rest > 0 { text += "- and \(rest) more\n" }
    }
    return text
      + "\nMooring writes this text. Close the issue to be left in peace; `dashboard: false` under `forge` ends it.\n"
  }

  private func line(_ item: Item, _ tick: DashboardTick?, _ kept: Set<DashboardTick>) -> Markdown {
    let words = item.text == "" ? item.subject : item.subject + ": " + item.text
    guard let tick else { return "- " + words + "\n" }
    // A key has only letters, digits and a colon, so that it stays one in a comment.
    let parts = tick.key.split(separator: ":").map(String.init)
    let mark: Markdown = "<!-- mooring:\(parts[0]):\(parts[1]) -->"
    return (kept.contains(tick) ? "- [x] " : "- [ ] ") + mark + " " + words + "\n"
  }
}

extension Dashboard.Section {
  fileprivate var heading: Markdown {
    switch self {
    case .held: "Held: needs a person"
    case .applying: "Merged, not applied yet"
    case .edited: "Edited by people"
    case .open: "Open"
    case .limited: "Held back by a limit"
    case .refused: "Refused"
    }
  }

  fileprivate var explanation: Markdown {
    switch self {
    case .held: "Nothing happens here until somebody has looked."
    case .applying: "Each run goes as far as it can."
    case .edited:
      "Mooring leaves these branches alone. Tick one to draft it again from the protected branch: what people wrote on it is then in no proposal, and stays as a branch under \(code: keptBranchPrefix)."
    case .open: "Waiting for review. Tick one to draft it again from the protected branch."
    case .limited: "Tick one to propose it with the next run."
    case .refused:
      "Closed without merging: a \"no\" to these findings until they themselves change. Tick one to take the \"no\" back."
    }
  }
}
