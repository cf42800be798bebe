/// What the dashboard issue shows: everything that waits for somebody.
package struct Dashboard: Hashable, Sendable {
  /// In the order in which they are shown: what needs a person most comes first.
  package enum Section: String, Hashable, Sendable, CaseIterable {
    /// A change or a connection that failed, or that a person has to look at.
    case held
    /// Merged, not applied yet.
    case applying
    case edited
    case open
    case limited
    case refused
  }

  package struct Item: Hashable, Sendable {
    /// What it is about, as a link or a name.
    package var subject: Markdown
    /// Why it stands here; empty says nothing.
    package var text: Markdown
    /// Nil has no box.
    package var tick: DashboardTick?

    package init(_ subject: Markdown, _ text: Markdown = "", tick: DashboardTick? = nil) {
      self.subject = subject
      self.text = text
      self.tick = tick
    }
  }

  package static let title = "Mooring: schema drift"
  /// Of one section; the rest is counted.
  package static let itemsShown = 100

  private var items: [Section: [Item]] = [:]

  package init() {}

  package mutating func add(_ item: Item, to section: Section) { items[section, default: []].append(item) }

  package subscript(section: Section) -> [Item] { items[section] ?? [] }

  package var isEmpty: Bool { items.values.allSatisfy(\.isEmpty) }
}

/// The dashboard as the forge has it.
package struct DashboardIssue: Hashable, Sendable {
  /// The forge's own.
  package var id: String
  /// A person may close it, and then it is left alone.
  package var isOpen: Bool
  package var body: String
  /// Where a person finds it.
  package var location: String

  package init(id: String, isOpen: Bool, body: String, location: String) {
    self.id = id
    self.isOpen = isOpen
    self.body = body
    self.location = location
  }
}
