/// Makes exactly one of several tasks runnable at a time, chosen by the seed, so that a seed replays.
///
/// A task asks for the baton before each thing that it does outside; the one who holds it is the only one that runs until
/// it asks again or leaves.
actor Baton {
  private var random: SeededGenerator
  private var members: Int
  private var waiting: [Int: CheckedContinuation<Void, Never>] = [:]

  /// - Parameter members: how many tasks take part; nobody moves until all of them have asked.
  init(members: Int, seed: UInt64) {
    self.members = members
    random = SeededGenerator(seed: seed)
  }

  func ask(_ member: Int) async {
    await withCheckedContinuation { continuation in
      waiting[member] = continuation
      hand()
    }
  }

  func leave() {
    members -= 1
    hand()
  }

  private func hand() {
    guard members > 0, waiting.count == members,
      let next = waiting.keys.sorted().randomElement(using: &random)
    else { return }
    waiting.removeValue(forKey: next)?.resume()
  }
}

/// SplitMix64: small, fast and the same everywhere.
struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var value = state
    value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
    value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
    return value ^ (value >> 31)
  }

  mutating func chance(_ percent: Int) -> Bool { Int.random(in: 0..<100, using: &self) < percent }
}
