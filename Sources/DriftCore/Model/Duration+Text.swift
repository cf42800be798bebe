extension Duration {
  /// Reads `90s`, `15m`, `4h` or `14d`; nil for anything else, for none at all and for more than 100,000 of a unit.
  package init?(text: String) {
    guard let unit = text.last, let seconds = unitsOfTime.first(where: { $0.letter == unit })?.seconds,
      let count = plainInteger(String(text.dropLast())), (1...100_000).contains(count)
    else { return nil }
    self = .seconds(count * seconds)
  }
}

private let unitsOfTime: [(letter: Character, seconds: Int)] = [("s", 1), ("m", 60), ("h", 3600), ("d", 86_400)]

extension Timestamp {
  package func adding(_ duration: Duration) -> Timestamp { adding(seconds: duration.components.seconds) }
}
