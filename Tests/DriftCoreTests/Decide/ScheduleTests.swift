import DriftCore
import Testing

/// When pull requests are opened.
struct ScheduleTests {
  /// 2026-11-21 is a Saturday.
  @Test(arguments: [
    ("mon-fri 07:00-16:00", "2026-11-20T07:00:00Z", true),
    ("mon-fri 07:00-16:00", "2026-11-20T06:59:59Z", false),
    ("mon-fri 07:00-16:00", "2026-11-20T15:59:59.999999Z", true),
    ("mon-fri 07:00-16:00", "2026-11-20T16:00:00Z", false),
    ("mon-fri 07:00-16:00", "2026-11-21T12:00:00Z", false),
    ("sat", "2026-11-21T00:00:00Z", true),
    ("sat", "2026-11-22T00:00:00Z", false),
    ("tue,sat,thu", "2026-11-21T23:59:59Z", true),
    ("fri-mon", "2026-11-22T12:00:00Z", true),
    ("fri-mon", "2026-11-24T12:00:00Z", false),
    ("08:00-24:00", "2026-11-22T23:59:00Z", true),
    ("sun 22:00-05:00", "2026-11-23T04:59:00Z", true),
    ("sun 22:00-05:00", "2026-11-22T04:59:00Z", false),
    ("sat 22:00-05:00", "2026-11-22T04:59:00Z", true),
    ("MON-FRI 07:00-16:00", "2026-11-20T12:00:00Z", true),
    ("thu 00:00-24:00", "1970-01-01T00:00:00Z", true),
    ("wed", "1969-12-31T23:59:59Z", true),
    ("sat +02:00", "2026-11-20T22:00:00Z", true),
    ("sat +02:00", "2026-11-21T22:00:00Z", false),
    ("sat -03:30", "2026-11-22T03:29:00Z", true),
    ("mon-fri 22:00-05:00 +01:00", "2026-11-20T21:00:00Z", true),
    ("mon-fri 22:00-05:00 +01:00", "2026-11-21T03:59:00Z", true),
    ("mon-fri 22:00-05:00 +01:00", "2026-11-21T04:00:00Z", false),
    ("07:00-16:00 UTC", "2026-11-20T07:00:00Z", true),
  ])
  func itIsOpenInItsHours(text: String, time: String, isOpen: Bool) throws {
    let schedule = try #require(Schedule(text))
    #expect(schedule.isOpen(at: try #require(Timestamp(iso8601: time))) == isOpen)
    #expect(schedule.description == text)
  }

  @Test(arguments: [
    ("mon-fri 07:00-16:00", "2026-11-20T16:30:10.5Z", "2026-11-23T07:00:00Z"),
    ("mon-fri 07:00-16:00", "2026-11-20T06:00:00Z", "2026-11-20T07:00:00Z"),
    ("sat", "2026-11-21T12:00:00Z", "2026-11-28T00:00:00Z"),
    ("22:00-05:00", "2026-11-21T12:00:00Z", "2026-11-21T22:00:00Z"),
    ("thu", "1969-12-31T23:59:59Z", "1970-01-01T00:00:00Z"),
    ("mon 00:00-01:00 +02:00", "2026-11-21T12:00:00Z", "2026-11-22T22:00:00Z"),
  ])
  func itSaysWhenItOpensNext(text: String, time: String, opening: String) throws {
    let schedule = try #require(Schedule(text))
    let found = schedule.opening(after: try #require(Timestamp(iso8601: time)))
    #expect(found.description == opening)
    #expect(schedule.isOpen(at: found))
    #expect(!schedule.isOpen(at: found.adding(seconds: -1)))
  }

  @Test(arguments: [
    "", " ", "monday", "mon-", "-fri", "mon--fri", "mon,,fri", "7:00-16:00", "07:00", "07:00-16", "07:00-16:60",
    "24:00-25:00", "25:00-26:00", "07:00-07:00", "mon 07:00-16:00 tue", "07:00-16:00 mon", "mon\u{202E}", "１:00-02:00",
    "weekdays", "07:00-24:01", "mon-fri-sun",
    "mon +15:00", "mon +2:00", "mon 07:00-16:00 +02", "+02:00", "UTC", "mon CET", "mon UTC +02:00",
    "mon +02:00 07:00-16:00",
  ])
  func whatIsNoScheduleIsRefused(text: String) {
    #expect(Schedule(text) == nil)
  }
}
