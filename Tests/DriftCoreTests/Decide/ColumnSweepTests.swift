import DriftCore
import Testing

/// Whose columns the source is asked for, and how often.
struct ColumnSweepTests {
  private let start = Timestamp(iso8601: "2026-11-21T12:07:00Z")!

  private func tables(_ count: Int) -> [TableName] {
    (0..<count).map { TableName(schema: "s", name: "t\(10_000 + $0)") }
  }

  @Test(arguments: [1, 7, 24, 100, 2_000], [5, 15, 60, 600, 1_440])
  func eachTableIsAskedOnceADay(count: Int, minutes: Int64) {
    let tables = tables(count)
    var sweep = ColumnSweep(nil)
    _ = sweep.take(of: tables, at: start, atMost: .max)
    var asked: [TableName] = []
    for run in 1...(2 * 1_440 / minutes + 1) {
      asked += sweep.take(of: tables, at: start.adding(seconds: run * minutes * 60), atMost: .max)
    }
    let times = Dictionary(grouping: asked) { $0 }.mapValues(\.count)
    #expect(times.count == count && times.values.allSatisfy { (2...3).contains($0) }, "in two days and a run")
    #expect(Set(asked.prefix(count)).count == count, "each before any a second time")
  }

  @Test(arguments: [1, 5, 24, 100])
  func whereNothingIsKeptTheHourSaysWhoseTurnItIs(count: Int) {
    let asked = (0..<24 as Range<Int64>).flatMap { hour in
      var sweep = ColumnSweep(nil)
      return sweep.take(of: tables(count), at: start.adding(seconds: Int64(hour) * 3_600), atMost: .max)
    }
    #expect(asked.sorted() == tables(count).sorted())
  }

  @Test func whatIsBeyondTheLimitStaysDue() {
    var sweep = ColumnSweep(nil)
    _ = sweep.take(of: tables(10), at: start, atMost: .max)
    let tomorrow = start.adding(seconds: 86_400)
    let first = sweep.take(of: tables(10), at: tomorrow, atMost: 6)
    let second = sweep.take(of: tables(10), at: tomorrow, atMost: 6)
    #expect(first.count == 6 && second.count == 4 && Set(first + second).count == 10)
    #expect(sweep.take(of: tables(10), at: tomorrow, atMost: 6).isEmpty)
  }

  @Test func afterATableThatDidNotAnswerItGoesOnBehindIt() {
    var sweep = ColumnSweep(nil)
    _ = sweep.take(of: tables(4), at: start, atMost: .max)
    let first = sweep.take(of: tables(4), at: start.adding(seconds: 43_200), atMost: .max)
    sweep.stop(at: first[0])
    #expect(sweep.take(of: tables(4), at: start.adding(seconds: 64_800), atMost: .max) == [first[1]])
  }

  @Test func aClockThatWasSetBackStopsNothing() {
    var sweep = ColumnSweep(nil)
    _ = sweep.take(of: tables(100), at: start, atMost: .max)
    let earlier = start.adding(seconds: -400 * 86_400)
    _ = sweep.take(of: tables(100), at: earlier, atMost: .max)
    #expect(sweep.take(of: tables(100), at: earlier.adding(seconds: 86_400), atMost: .max).count == 100)
  }

  @Test(arguments: ["account", "a.b", "a\nb", "\u{202E}x", ""])
  func whatIsKeptReadsBack(name: String) {
    var sweep = ColumnSweep(nil)
    _ = sweep.take(of: [TableName(schema: "s.t", name: name)], at: start, atMost: 1)
    #expect(ColumnSweep(sweep.text) == sweep)
  }

  @Test(arguments: ["x", "\t\t", "2026-11-21T12:07:00Z\ta\tb\tc", "yesterday\ta\tb"])
  func whatIsNotUnderstoodBeginsAnew(text: String) { #expect(ColumnSweep(text) == ColumnSweep(nil)) }

  @Test func anHourHasSoManyCallsHoweverManyRuns() {
    var budget = ColumnBudget(ColumnBudget("0 0", at: start).text, at: start)
    var spent = 0
    while budget.spend() {
      spent += 1
      if spent % 100 == 0 { budget = ColumnBudget(budget.text, at: start) }
    }
    #expect(spent == ColumnBudget.anHour)
    #expect(ColumnBudget(budget.text, at: start.adding(seconds: 3_600)).left == ColumnBudget.anHour)
  }

  /// A run every five minutes that keeps nothing stays within what the account has.
  @Test func whereNothingIsKeptARunSpendsLittle() {
    #expect(ColumnBudget(nil, at: start).left * 12 < ColumnBudget.anHour)
    #expect(ColumnBudget("nonsense", at: start).left == ColumnBudget.withoutMemory)
  }
}
