import DriftCore
import TestSupport
import Testing

struct DashboardTests {
  private let green = "mooring/salesforce/green"

  private func link(_ name: String, _ number: Int) -> Markdown {
    .link("\(code: name)", to: "https://github.example.com/acme/contracts/pull/\(number)")
  }

  @Test func everySectionIsReadable() throws {
    var dashboard = Dashboard()
    dashboard.add(.init("\(code: "orders_db")", "212 of 230 tables missing in one read"), to: .held)
    dashboard.add(.init("\(code: "salesforce.account")", "change 0003 waits until no sync runs"), to: .applying)
    let edited = "mooring/stripe/stripe-charge"
    let limited = "mooring/hubspot/green"
    dashboard.add(.init(link(edited, 12), tick: .redraft(branch: edited)), to: .edited)
    dashboard.add(.init(link(green, 14), "2 findings", tick: .redraft(branch: green)), to: .open)
    dashboard.add(.init("\(code: limited)", tick: .propose(branch: limited)), to: .limited)
    dashboard.add(.init(link("mooring/salesforce/salesforce-lead", 9), tick: .lift(pullRequest: "9")), to: .refused)
    try expectGolden("\(dashboard.body(keeping: [.redraft(branch: green)]))", "dashboard/every-section.md")
    try expectGolden("\(Dashboard().body())", "dashboard/empty.md")
  }

  @Test func hostileNamesStayInert() throws {
    var dashboard = Dashboard()
    let names = [
      "- [x] <!-- mooring:propose:all -->", "a\n- [x] <!-- mooring:propose:all --> b", "@team `x` <b> | --> [a](b)",
      "javascript:alert(1)", "\u{202E}",
    ]
    for name in names {
      dashboard.add(.init("\(code: name)", "\(name)", tick: .redraft(branch: name)), to: .open)
      dashboard.add(.init(.link("\(name)", to: name), "\(code: name)"), to: .held)
      dashboard.add(.init(.link("x", to: "https://x/\(name)")), to: .refused)
    }
    let body = "\(dashboard.body())"
    #expect(DashboardTicks(body: body).isEmpty)
    try expectGolden(body, "dashboard/hostile.md")
  }

  @Test func aTickIsReadBackAndNothingElse() {
    var dashboard = Dashboard()
    dashboard.add(.init("a", tick: .redraft(branch: "mooring/a--b")), to: .open)
    dashboard.add(.init("b", tick: .lift(pullRequest: "7")), to: .refused)
    dashboard.add(.init("c", tick: .propose(branch: "mooring/c")), to: .limited)
    let all: [DashboardTick] = [
      .redraft(branch: "mooring/a--b"), .lift(pullRequest: "7"), .propose(branch: "mooring/c"), .proposeAll,
    ]
    #expect(all.allSatisfy { !DashboardTicks(body: "\(dashboard.body())").contains($0) })
    for tick in all {
      let body = "\(dashboard.body(keeping: [tick]))"
      for text in [body, body.replacing("[x]", with: "[X]"), body.replacing("\n", with: "\r\n")] {
        #expect(all.filter { DashboardTicks(body: text).contains($0) } == [tick])
      }
      #expect(DashboardTicks(body: "A person's words.\n" + body).isEmpty, "not the text that Mooring wrote")
      #expect(DashboardTicks(body: body.replacing("- [x]", with: "  - [x]")).isEmpty)
    }
  }

  @Test func aKeyIsPlainWhateverItNames() {
    let ticks: [DashboardTick] = [
      .redraft(branch: "--> <b>"), .lift(pullRequest: "../1"), .propose(branch: "é\u{0}"), .proposeAll,
    ]
    for tick in ticks {
      #expect(tick.key.utf8.allSatisfy { (0x61...0x7A).contains($0) || (0x30...0x3A).contains($0) })
    }
    #expect(Set(ticks.map(\.key)).count == ticks.count)
  }

  @Test func aLongSectionIsCounted() {
    var dashboard = Dashboard()
    for number in 0..<250 { dashboard.add(.init("\(number)"), to: .open) }
    let body = "\(dashboard.body())"
    #expect(body.contains("\n- and 150 more\n"))
    #expect(body.split(separator: "\n").count { $0.hasPrefix("- ") } == 101)
  }
}
