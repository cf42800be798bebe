/// Which calls have been taken, as many as fit; the oldest are forgotten first.
package struct DeliveryMemory: Sendable {
  /// Oldest first, to be kept over a restart.
  package private(set) var keys: [String]
  private var known: Set<String>
  private let size: Int

  package static let standardSize = 10_000

  package init(keys: [String] = [], size: Int = Self.standardSize) {
    self.keys = Array(keys.suffix(size))
    known = Set(self.keys)
    self.size = size
  }

  /// Takes a call by its names; false where one of them is known.
  package mutating func insert(_ names: [String]) -> Bool {
    let isNew = !names.contains { known.contains($0) }
    for name in names where known.insert(name).inserted { keys.append(name) }
    // Half as many again may wait, so that they are not moved up at each call.
    if keys.count > size + size / 2 {
      for name in keys.prefix(keys.count - size) { known.remove(name) }
      keys.removeFirst(keys.count - size)
    }
    return isNew
  }
}
