import DriftCore
import Testing

/// Histories are written oldest first: what stands at the path in each commit, `-` for nothing.
struct LandingTests {
  @Test(arguments: [
    (["-", "a"], 1, "it came with the tip"),
    (["-", "a", "a", "a"], 1, "and other commits came on top"),
    (["-", "b", "a", "a"], 2, "it was there otherwise: what counts is how it is now"),
    (["-", "a", "b", "a"], 3, "edited and put back is landed anew"),
    (["-", "a", "-", "a", "a"], 3, "reverted and landed again is landed anew"),
    (["a", "a"], 0, "it came with the first commit"),
  ])
  func theLandingIsSinceWhenItStandsAsItDoesNow(history: [String], expected: Int, why: String) throws {
    let landing = try #require(search(history, limit: 100).landings["p"])
    #expect(landing.commit == id(expected), "\(why)")
    #expect(landing.parent == (expected == 0 ? nil : id(expected - 1)))
  }

  @Test func whatTheTipLacksHasNoLanding() {
    let search = search(["a", "-"], limit: 100)
    #expect(search.isFinished)
    #expect(search.landings.isEmpty)
  }

  @Test func whatLiesFurtherBackThanWasShownIsNotGuessed() {
    let search = search(["-", "a", "a", "a"], limit: 2)
    #expect(!search.isFinished)
    #expect(search.landings.isEmpty)
  }

  @Test func oneWalkFindsSeveralAndStopsLookingForThoseItHas() {
    var search = LandingSearch()
    search.see(id(3), objects: ["p": "a", "q": "b"])
    search.see(id(2), objects: ["q": "b"])
    #expect(!search.isFinished)
    search.see(id(1), objects: ["q": "other"])
    #expect(search.isFinished)
    #expect(search.landings["p"] == Landing(commit: id(3), parent: id(2)))
    #expect(search.landings["q"] == Landing(commit: id(2), parent: id(1)))
  }

  private func search(_ history: [String], limit: Int) -> LandingSearch {
    var search = LandingSearch()
    for (index, object) in history.enumerated().reversed().prefix(limit) {
      search.see(id(index), objects: object == "-" ? [:] : ["p": object])
    }
    if limit >= history.count { search.reachRoot() }
    return search
  }

  private func id(_ number: Int) -> CommitID { CommitID("commit\(number)") }
}
