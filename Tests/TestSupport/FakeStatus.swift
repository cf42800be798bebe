/// The newest status of one context, as a fake forge keeps it.
package struct FakeStatus: Hashable, Sendable {
  package var state: String
  package var text: String
  package var location: String?
  /// How often it was set.
  package var writes = 1

  package init(state: String, text: String, location: String?, writes: Int = 1) {
    self.state = state
    self.text = text
    self.location = location
    self.writes = writes
  }
}
