import FoundationEssentials

/// What many histories led to.
struct Lives: Sendable {
  struct Broken: Sendable, CustomStringConvertible {
    var seed: UInt64
    /// In words.
    var promises: [String]

    var description: String { "seed \(seed): " + promises.prefix(5).joined(separator: "\n  ") }
  }

  var lived = 0
  var broken: [Broken] = []
  var tally = Outside.Tally()

  /// What happened in a history, on average.
  var words: String { tally.words(over: Double(lived)) }

  /// Whether everything that may happen did, in one of twenty at least.
  var isEventful: Bool { tally.events.allSatisfy { Double($0.count) > Double(lived) / 20 } }
}

/// Lives through the histories of these seeds, as many at once as there are cores, and ends with the first ones that break a
/// promise.
///
/// - Parameter progress: is called after each history with what there is so far.
func live(
  through seeds: ClosedRange<UInt64>, progress: (Lives) -> Void = { _ in }
) async throws -> Lives {
  var lives = Lives()
  try await withThrowingTaskGroup(of: (UInt64, [String], Outside.Tally).self) { group in
    var left = seeds.makeIterator()
    func begin() {
      guard let seed = left.next() else { return }
      group.addTask {
        let history = History(seed: seed)
        return (seed, try await history.live(), await history.outside.tally)
      }
    }
    for _ in 0..<ProcessInfo.processInfo.activeProcessorCount { begin() }
    while let (seed, broken, tally) = try await group.next() {
      lives.lived += 1
      lives.tally += tally
      if !broken.isEmpty { lives.broken.append(Lives.Broken(seed: seed, promises: broken)) }
      progress(lives)
      if lives.broken.isEmpty { begin() }
    }
  }
  lives.broken.sort { $0.seed < $1.seed }
  return lives
}
