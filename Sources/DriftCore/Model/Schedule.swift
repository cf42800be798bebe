/// Days of the week and hours of the day, as in `mon-fri 07:00-16:00 +02:00`.
///
/// Behind them may stand the offset from UTC that they are meant in, or `UTC`, which is meant without. Days are names or ranges of them with commas between, hours one range; either may be left out and is then all. Hours
/// that end before they begin end on the next day.
package struct Schedule: Hashable, Sendable, CustomStringConvertible {
  /// As it was written.
  package let description: String
  /// 0 is Monday.
  private let days: Set<Int>
  /// Minutes of the day.
  private let start: Int
  /// In minutes.
  private let length: Int
  /// Minutes that its clock is ahead of UTC.
  private let offset: Int

  /// Nil for anything else.
  package init?(_ text: String) {
    var words = text.lowercased().split(separator: " ").map(String.init)
    offset = words.last.flatMap(Self.offset) ?? 0
    if words.last.flatMap(Self.offset) != nil { words.removeLast() }
    guard let first = words.first, words.count <= 2 else { return nil }
    let hours = words.count == 2 ? words[1] : first.contains(":") ? first : "00:00-24:00"
    let isDaily = words.count == 1 && first.contains(":")
    guard let range = Self.hours(hours), let days = isDaily ? Set(0..<7) : Self.days(first) else { return nil }
    description = text
    self.days = days
    (start, length) = range
  }

  package func isOpen(at time: Timestamp) -> Bool {
    let minute = minuteOfWeek(time)
    return days.contains { day in
      (minute - day * minutesADay - start + minutesAWeek) % minutesAWeek < length
    }
  }

  /// The next time that it opens, to the minute.
  package func opening(after time: Timestamp) -> Timestamp {
    let minute = minuteOfWeek(time)
    let waits = days.map { day -> Int in
      let wait = (day * minutesADay + start - minute + 2 * minutesAWeek) % minutesAWeek
      return wait == 0 ? minutesAWeek : wait
    }
    let seconds = time.microseconds.flooredSeconds
    return Timestamp(microseconds: (seconds - seconds.floored(60).rest) * 1_000_000)
      .adding(seconds: Int64(waits.min() ?? 0) * 60)
  }

  private func minuteOfWeek(_ time: Timestamp) -> Int {
    // 1970 began on a Thursday.
    let minutes = time.microseconds.flooredSeconds.floored(60).whole + Int64(3 * minutesADay + offset)
    return Int(minutes.floored(Int64(minutesAWeek)).rest)
  }

  /// `utc`, `+02:00`, `-03:30`: in minutes.
  private static func offset(_ text: String) -> Int? {
    if text == "utc" { return 0 }
    guard let sign = text.first, sign == "+" || sign == "-", let minutes = minuteOfDay(text.dropFirst()),
      minutes <= 14 * 60
    else { return nil }
    return sign == "+" ? minutes : -minutes
  }

  private static func days(_ text: String) -> Set<Int>? {
    let names = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
    var days: Set<Int> = []
    for part in text.split(separator: ",", omittingEmptySubsequences: false) {
      let ends = part.split(separator: "-", omittingEmptySubsequences: false).map { names.firstIndex(of: String($0)) }
      guard (1...2).contains(ends.count), let first = ends.first ?? nil, let last = ends.last ?? nil else { return nil }
      // From Friday to Monday goes over the end of the week.
      for day in 0...(last - first + 7) % 7 { days.insert((first + day) % 7) }
    }
    return days
  }

  private static func hours(_ text: String) -> (start: Int, length: Int)? {
    let ends = text.split(separator: "-", omittingEmptySubsequences: false).map(minuteOfDay)
    guard ends.count == 2, let start = ends[0], let end = ends[1], start < minutesADay, start != end else { return nil }
    return (start, end > start ? end - start : end - start + minutesADay)
  }

  private static func minuteOfDay(_ text: Substring) -> Int? {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count == 2,
      parts.allSatisfy({ $0.utf8.count == 2 && $0.utf8.allSatisfy { (0x30...0x39).contains($0) } }),
      let hour = Int(parts[0]), let minute = Int(parts[1]), minute < 60, hour < 24 || hour == 24 && minute == 0
    else { return nil }
    return hour * 60 + minute
  }
}

private let minutesADay = 24 * 60
private let minutesAWeek = 7 * minutesADay

extension Int64 {
  fileprivate var flooredSeconds: Int64 { floored(1_000_000).whole }

  /// Division whose rest is never negative, for times before 1970.
  fileprivate func floored(_ divisor: Int64) -> (whole: Int64, rest: Int64) {
    let rest = (self % divisor + divisor) % divisor
    return ((self - rest) / divisor, rest)
  }
}
