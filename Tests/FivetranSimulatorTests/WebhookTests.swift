import Cryptography
import JSON
import TestSupport
import Testing
import Transport

@testable import FivetranSimulator

/// Webhooks, called on a real receiver.
struct WebhookTests {
  @Test func aNewWebhookIsCalledSignedAndItsSecretMasked() async throws {
    let world = try Receiving([.answer()])
    let answer = await world.create(#""events": ["sync_end"], "secret": "s3cret""#)
    #expect(answer.status == 200)
    #expect(!answer.body.contains("s3cret"))
    #expect(try answer.data()["secret"] == "******")
    let call = try #require(world.receiver.requests.first)
    #expect(call.head.hasPrefix("POST /hook"))
    #expect(call.header("Content-Type") == "application/json")
    let body = try JSONValue.parse(call.body)
    #expect(body["event"] == "sync_end")
    #expect(body["connector_id"] == "_connection_1")
    #expect(call.header("X-Fivetran-Signature-256") == signature("s3cret", call.body))
  }

  @Test func aWebhookWithoutASecretIsNotSigned() async throws {
    let world = try Receiving([.answer()])
    #expect(await world.create(#""events": ["sync_end"]"#).status == 200)
    #expect(world.receiver.requests.first?.header("X-Fivetran-Signature-256") == nil)
  }

  @Test(arguments: [LoopbackServer.Answer.answer(500), .cut([])])
  func aReceiverThatDoesNotTakeTheCallIsNotStored(answer: LoopbackServer.Answer) async throws {
    let world = try Receiving([answer])
    let refused = await world.create(#""events": ["sync_end"]"#)
    #expect(refused.verdict == "400 InvalidInput")
    #expect(refused.body.contains("Failed to call webhook endpoint: '"))
    #expect(await world.simulator.account.webhooks.isEmpty)
  }

  @Test func anInactiveWebhookIsCalledWhenItIsActivated() async throws {
    let world = try Receiving([.answer(500), .answer(204)])
    #expect(await world.create(#""events": ["sync_end"], "active": false"#).status == 200)
    #expect(world.receiver.requests.isEmpty)
    let path = "/v1/webhooks/webhook_1"
    #expect(await world.call("PATCH", path, #"{"active": true}"#).status == 400)
    #expect(await world.simulator.account.webhooks.first?.isActive == false)
    #expect(await world.call("PATCH", path, #"{"active": true}"#).status == 200)
    #expect(await world.simulator.account.webhooks.first?.isActive == true)
  }

  @Test(arguments: [
    #"{"url": "http://bot.example.com/x", "events": ["sync_end"]}"#, #"{"events": ["sync_end"]}"#,
    #"{"url": "https://bot.example.com/x"}"#, #"{"url": "https://bot.example.com/x", "events": []}"#,
    #"{"url": "https://bot.example.com/x", "events": ["sync_end"], "active": "no"}"#, "",
  ])
  func settingsOfAWebhookAreChecked(body: String) throws {
    var account = try scenario("all-sorts")
    #expect(account.call("POST", "/v1/webhooks/account", body).status == 400)
    #expect(account.call("POST", "/v1/webhooks/group/nobody", body).status == 404)
  }

  @Test func aSyncTellsItsStartAndItsEnd() async throws {
    let world = try Receiving([.answer(), .answer(), .answer()])
    _ = await world.create(#""events": ["sync_start", "sync_end"], "secret": "s3cret""#)
    await world.sync("brisk_otter")
    let bodies = try world.bodies.dropFirst()
    #expect(bodies.map { $0["event"]?.string } == ["sync_start", "sync_end"])
    #expect(bodies.first?["data"] == nil)
    #expect(bodies.last?["data"]?["status"] == "SUCCESSFUL")
    #expect(bodies.first?["sync_id"] == bodies.last?["sync_id"])
    #expect(bodies.last?["sync_id"]?.string?.split(separator: "-").map(\.count) == [8, 4, 4, 4, 12])
    #expect(bodies.last?["connector_id"] == "brisk_otter")
    #expect(bodies.last?["destination_group_id"] == "projected_sickle")
    #expect(bodies.last?["created"]?.string?.hasSuffix(".500Z") == true, "milliseconds")
  }

  @Test func theSignatureCanBeInCapitals() async throws {
    let world = try Receiving([.answer(), .answer()])
    _ = await world.create(#""events": ["sync_end"], "secret": "s3cret""#)
    _ = await world.call("POST", "/simulator/webhooks", #"{"signature": "upper"}"#)
    await world.sync("brisk_otter")
    let call = try #require(world.receiver.requests.last)
    #expect(call.header("X-Fivetran-Signature-256") == signature("s3cret", call.body).uppercased())
  }

  @Test(arguments: [
    ("failure", "FAILURE", "reason"), ("failure_with_task", "FAILURE_WITH_TASK", "taskType"),
    ("rescheduled", "RESCHEDULED", "rescheduledAt"),
  ])
  func everyEndHasItsStatus(outcome: String, status: String, member: String) async throws {
    let world = try Receiving([.answer(), .answer()])
    _ = await world.create(#""events": ["sync_end"]"#)
    let next = #"{"connection": "brisk_otter", "outcome": "\#(outcome)"}"#
    #expect(await world.call("POST", "/simulator/next-sync", next).status == 200)
    await world.sync("brisk_otter")
    let data = try world.bodies.last?["data"]
    #expect(data?["status"]?.string == status)
    #expect(data?[member]?.string != nil)
  }

  @Test func aCancelledSyncSaysSoAtOnce() async throws {
    let world = try Receiving([.answer(), .answer()])
    _ = await world.create(#""events": ["sync_end"]"#)
    _ = await world.call("POST", shop + "/sync")
    _ = await world.call("PATCH", shop + "/schemas/public", #"{"enabled": true}"#)
    #expect(try world.bodies.last?["data"]?["status"] == "CANCELED")
  }

  @Test func callsCanComeTwiceAndAPromotionCanFailFirst() async throws {
    let world = try Receiving(Array(repeating: .answer(), count: 5))
    _ = await world.create(#""events": ["sync_end"]"#)
    _ = await world.call("POST", "/simulator/webhooks", #"{"copies": 2, "failed_first": true}"#)
    _ = await world.call("POST", "/simulator/advance", #"{"to": 2}"#)
    let statuses = try world.bodies.dropFirst().map { $0["data"]?["status"]?.string }
    #expect(statuses == ["FAILURE", "FAILURE", "SUCCESSFUL", "SUCCESSFUL"])
    #expect(world.receiver.requests[3].body == world.receiver.requests[4].body)
  }

  @Test func aFailedCallIsRepeatedByteForByteWhenItsTimeHasCome() async throws {
    let world = try Receiving([.answer(), .answer(503), .cut([]), .answer()])
    _ = await world.create(#""events": ["sync_end"], "secret": "s3cret""#)
    await world.sync("brisk_otter")
    for (seconds, calls) in [(359, 2), (1, 3), (1_619, 3), (1, 4), (86_400, 4)] {
      _ = await world.call("POST", "/simulator/clock", #"{"seconds": \#(seconds)}"#)
      #expect(world.receiver.requests.count == calls, "after \(seconds) s")
    }
    let requests = world.receiver.requests
    #expect(requests[1].body == requests[3].body)
    #expect(requests[1].header("X-Fivetran-Signature-256") == requests[3].header("X-Fivetran-Signature-256"))
    let log = try await world.call("GET", "/simulator/deliveries").data()["deliveries"]?.array
    #expect(log?.map { $0["status"]?.int } == [503, 0, 200])
  }

  @Test func aWebhookThatFailsForDaysIsSwitchedOff() async throws {
    let world = try Receiving([.answer()])
    _ = await world.create(#""events": ["sync_end"]"#)
    world.receiver.stop()
    await world.sync("brisk_otter")
    _ = await world.call("POST", "/simulator/clock", #"{"seconds": 172800}"#)
    #expect(await world.simulator.account.webhooks.first?.isActive == true)
    _ = await world.call("POST", "/simulator/clock", #"{"seconds": 172800}"#)
    #expect(await world.simulator.account.webhooks.first?.isActive == false)
  }

  @Test func aTestCallTellsHowItWent() async throws {
    let world = try Receiving([.answer(), .answer(500), .answer()])
    _ = await world.create(#""events": ["sync_end"]"#)
    for (succeed, status) in [(false, 500), (true, 200)] {
      let answer = await world.call("POST", "/v1/webhooks/webhook_1/test", #"{"event": "sync_start"}"#)
      let data = try answer.data()
      #expect(answer.status == 200)
      #expect(data["succeed"]?.bool == succeed)
      #expect(data["status"]?.int == status)
    }
    #expect(try world.bodies.last?["event"] == "sync_start")
  }

  @Test func othersEventsAreNotSentNorAreThoseOfADeletedWebhook() async throws {
    let world = try Receiving([.answer(), .answer(), .answer(500)])
    _ = await world.create(#""events": ["pause_connector", "sync_end"]"#)
    _ = await world.call("PATCH", shop, #"{"paused": true}"#)
    _ = await world.call("PATCH", shop, #"{"paused": false}"#)
    #expect(try world.bodies.map { $0["event"]?.string } == ["pause_connector", "pause_connector"])
    await world.sync("brisk_otter")
    #expect(await world.call("DELETE", "/v1/webhooks/webhook_1").status == 200)
    _ = await world.call("POST", "/simulator/clock", #"{"seconds": 360}"#)
    await world.sync("brisk_otter")
    #expect(world.receiver.requests.count == 3)
  }
}

private func signature(_ secret: String, _ body: [UInt8]) -> String {
  hex(hmacSHA256(key: Array(secret.utf8), message: body))
}

/// A simulator and somebody who listens.
private struct Receiving {
  let receiver: LoopbackServer
  let simulator: Simulator

  init(_ answers: [LoopbackServer.Answer]) throws {
    receiver = try LoopbackServer(answers)
    simulator = Simulator(try scenario("all-sorts"), transport: try LiveTransport())
  }

  func create(_ members: String) async -> APIResponse {
    await call("POST", "/v1/webhooks/account", #"{"url": "\#(receiver.url)/hook", \#(members)}"#)
  }

  func call(_ method: String, _ path: String, _ body: String = "") async -> APIResponse {
    await simulator.respond(to: request(method, path, body))
  }

  func sync(_ connection: String) async {
    _ = await call("POST", "/simulator/sync", #"{"connection": "\#(connection)"}"#)
  }

  var bodies: [JSONValue] { get throws { try receiver.requests.map { try JSONValue.parse($0.body) } } }
}
