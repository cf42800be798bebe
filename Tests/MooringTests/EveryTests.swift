import Foundation
import TestSupport
import Testing

struct EveryTests {
  /// `run --every` reports its first round at once, goes on, and ends in good order when it is told to.
  @Test func thePollerEndsInGoodOrder() async throws {
    let world = try await World(scenario: "one-table")
    try await world.adopt()
    let (process, _) = try world.prepared(["run", "--every", "1h"])
    let pipe = Pipe()
    process.standardOutput = .pipe(pipe)
    try process.run()
    var text = ""
    while !text.contains("Fivetran call") {
      let data = pipe.fileHandleForReading.availableData
      if data.isEmpty { break }
      text += String(decoding: data, as: UTF8.self)
    }
    #expect(text.contains("no drift"))
    #expect(process.isRunning)
    process.terminate()
    process.waitUntilExit()
    #expect(process.terminationReason == .exit)
    #expect(process.terminationStatus == 0)
  }
}
