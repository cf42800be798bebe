import Cryptography
import DriftCore
import JSON
import Testing

/// A made-up product, so that what every hook has in common is shown once.
private let hook = Hook(
  id: "forge", proofs: [.standardWebhook, .hmac(header: "X-Signature", prefix: "sha256="), .token(header: "X-Token")],
  deliveryHeaders: ["X-Delivery"], largestBody: 1_000
) { _, body in
  guard let branch = body["branch"]?.string else { return nil }
  return Hook.Reading(
    hints: [.branch(branch)], repository: body["repository"]?.string,
    at: body["at"]?.string.flatMap { Timestamp(iso8601: $0) })
}

private let secret = "It's a Secret to Everybody"
private let now = Timestamp(microseconds: 1_780_000_000_000_000)

struct HintsTests {
  private let watched = Watched(connections: ["iodize_impressive"], repository: "Acme/Contracts", branch: "main")
  private let body = #"{"branch":"main","repository":"acme/contracts"}"#

  private func signature(_ body: String, _ secret: String = secret) -> String {
    "sha256=" + hex(hmacSHA256(key: Array(secret.utf8), message: Array(body.utf8)))
  }

  private func request(
    _ body: String, path: String = "/hooks/forge", method: String = "POST", headers: [(String, String)]? = nil,
    type: String? = "application/json"
  ) -> HookRequest {
    let proof = headers ?? [("x-signature", signature(body))]
    return HookRequest(
      method: method, path: path,
      headers: (proof + (type.map { [("Content-Type", $0)] } ?? [])).map { HookRequest.Header($0.0, $0.1) },
      body: Array(body.utf8))
  }

  private func answer(
    _ request: HookRequest, secrets: [String] = [secret], now: Timestamp = now
  ) -> HookAnswer {
    var memory = DeliveryMemory()
    return answer(request, secrets: secrets, now: now, memory: &memory)
  }

  private func answer(
    _ request: HookRequest, secrets: [String] = [secret], now: Timestamp = now, memory: inout DeliveryMemory
  ) -> HookAnswer {
    hints(
      from: request, hooks: [hook], secrets: ["forge": secrets.map { Secret($0) }], watched: watched, now: now,
      memory: &memory)
  }

  private func status(_ answer: HookAnswer) -> Int? {
    if case .refused(let status, _) = answer { status } else { nil }
  }

  @Test func aProvenCallIsAHint() {
    #expect(answer(request(body)) == .hints([.branch("main")]))
  }

  @Test func theSignatureIsOverTheRawBytes() {
    let spaced = body.replacing(":", with: " : ")
    #expect(answer(request(spaced)) == .hints([.branch("main")]))
    #expect(status(answer(request(spaced, headers: [("X-Signature", signature(body))]))) == 401)
  }

  @Test(arguments: [
    [], [("X-Signature", "")], [("X-Signature", "sha256=")], [("X-Signature", "sha256=00")],
    [("X-Signature", "sha256=" + String(repeating: "0", count: 64))], [("X-Signature", "sha256=zz")],
    [("X-Token", "")], [("X-Token", "It's a Secret to Everybod")], [("webhook-signature", "v1,AAAA")],
  ])
  func whatIsNotProvenIsRefused(headers: [(String, String)]) {
    #expect(status(answer(request(body, headers: headers))) == 401)
  }

  @Test func aSignatureIsReadInOneFormAndOnce() {
    let right = signature(body)
    let code = String(right.dropFirst(7))
    #expect(answer(request(body, headers: [("X-Signature", "sha256=" + code.uppercased())])) != .hints([]))
    #expect(status(answer(request(body, headers: [("X-Signature", "sha256=" + code.uppercased())]))) == nil)
    for value in [code, "sha1=" + code, right + "00", base64(bytes(hex: code) ?? [])] {
      #expect(status(answer(request(body, headers: [("X-Signature", value)]))) == 401, "\(value)")
    }
    #expect(status(answer(request(body, headers: [("X-Signature", right), ("X-Signature", right)]))) == 401)
    #expect(status(answer(request(body, headers: [("X-Signature", signature(body, "other"))]))) == 401)
  }

  /// A proof of a better kind that does not hold is not rescued by another.
  @Test func theFirstProofThatIsThereDecides() {
    let both = [("X-Signature", "sha256=00"), ("X-Token", secret)]
    #expect(status(answer(request(body, headers: both))) == 401)
    #expect(status(answer(request(body, headers: [("X-Token", secret)]))) == nil)
  }

  @Test func oneSecretReplacesAnotherWhileBothHold() {
    for key in ["old", "new"] {
      let signed = request(body, headers: [("X-Signature", signature(body, key))])
      #expect(status(answer(signed, secrets: ["new", "old"])) == nil)
    }
    #expect(status(answer(request(body, headers: [("X-Signature", signature(body, "old"))]), secrets: ["new"])) == 401)
  }

  @Test(arguments: [[], [""]])
  func noSecretNeverMeansNoCheck(secrets: [String]) {
    for headers in [[("X-Signature", signature(body, ""))], [("X-Token", "")], []] {
      #expect(status(answer(request(body, headers: headers), secrets: secrets)) == 404)
    }
  }

  @Test(arguments: [
    ("v1,", 0, true), ("v1,AAAA v1,", 0, true), ("v2,", 0, false), ("", 0, false), ("v1,", 301, false),
    ("v1,", -301, false), ("v1,", 299, true),
  ])
  func aStandardWebhookIsProvenWithItsTime(prefix: String, offset: Int64, isProven: Bool) {
    let key: [UInt8] = Array(1...32)
    let time = String(now.seconds + offset)
    let code = base64(hmacSHA256(key: key, message: Array("d1.\(time).\(body)".utf8)))
    let headers = [("webhook-id", "d1"), ("webhook-timestamp", time), ("webhook-signature", prefix + code)]
    let answer = answer(request(body, headers: headers), secrets: ["plain", "whsec_" + base64(key)])
    #expect((status(answer) == nil) == isProven, "\(answer)")
    let otherID = [("webhook-id", "d2")] + headers.dropFirst()
    #expect(status(self.answer(request(body, headers: otherID), secrets: ["whsec_" + base64(key)])) == 401)
  }

  @Test func whatCannotBeReadIsRefusedAfterTheProof() {
    let deep = String(repeating: "[", count: 70) + String(repeating: "]", count: 70)
    for text in ["", "[]", "nothing", "{\"branch\":\"a\",\"branch\":\"main\"}", "{\"branch\":\(deep)}", "{} {}"] {
      #expect(status(answer(request(text))) == 400, "\(text)")
      #expect(status(answer(request(text, headers: [("X-Token", "wrong")]))) == 401)
    }
    #expect(status(answer(request(body, type: "application/x-www-form-urlencoded"))) == 415)
    #expect(status(answer(request(body, type: nil))) == 415)
    #expect(status(answer(request(body, type: "application/json; charset=utf-8"))) == nil)
    #expect(status(answer(request(body, method: "GET"))) == 405)
    #expect(status(answer(request(body, path: "/hooks/forge/"))) == 404)
    #expect(status(answer(request(body, path: "/hooks/../forge"))) == 404)
  }

  @Test func aBodyOverTheCapIsNotEvenHashed() {
    let large = "{\"branch\":\"\(String(repeating: "x", count: 1_000))\"}"
    #expect(status(answer(request(large))) == 413)
    #expect(status(answer(request(large, headers: []))) == 413)
  }

  /// What the caller sent is nobody's business in a log.
  @Test func aRefusalHoldsNothingThatWasSent() {
    let sent = request("canary", headers: [("X-Signature", "sha256=canary"), ("X-Delivery", "canary")])
    guard case .refused(_, let reason) = answer(sent, secrets: ["canary-secret"]) else { return }
    #expect(!reason.contains("canary"))
  }

  @Test(arguments: [
    (#"{"branch":"main","repository":"acme/other"}"#, "another repository"),
    (#"{"branch":"feature","repository":"acme/contracts"}"#, "nothing of ours"),
    (#"{"zen":"x","repository":"acme/contracts"}"#, "not worth a look"),
    (#"{"branch":"main","at":"2020-01-01T00:00:00Z"}"#, "long ago"),
  ])
  func whatIsNotOursIsTakenAndIgnored(body: String, words: String) {
    guard case .ignored(let reason) = answer(request(body)) else {
      Issue.record("\(answer(request(body)))")
      return
    }
    #expect(reason.contains(words))
  }

  @Test func aBranchOfOursIsWorthALook() {
    #expect(answer(request(#"{"branch":"mooring/crm/green"}"#)) == .hints([.branch("mooring/crm/green")]))
  }

  @Test func aPersonsPushToTheRefusalsIsWorthALook() {
    #expect(answer(request(#"{"branch":"mooring-refusals"}"#)) == .hints([.branch("mooring-refusals")]))
    guard case .ignored = answer(request(#"{"branch":"mooring-refusals-2"}"#)) else {
      Issue.record("another branch is taken for the refusals")
      return
    }
  }

  @Test(
    arguments: [
      ([], []), ([.branch("mooring/crm/green")], ["crm"]), ([.branch("mooring/crm/crm-deal")], ["crm"]),
      ([.branch("mooring/crm_eu/green")], ["crm_eu"]), ([.branch("mooring/crm")], []),
      ([.branch("mooring/gone/green")], []), ([.branch("feature")], []),
      ([.branch(greenBranchName(of: "Größe"))], ["Größe"]),
      ([.connection("id_2")], ["crm_eu"]), ([.connection("id_9")], []),
      ([.connection("id_2"), .branch("mooring/crm/green")], ["crm", "crm_eu"]),
      ([.branch("main")], ["Größe", "crm", "crm_eu"]), ([.branch("mooring-refusals")], ["Größe", "crm", "crm_eu"]),
      ([.dashboard], ["Größe", "crm", "crm_eu"]),
    ] as [([Hint], [ConnectionName])])
  func aHintLeadsToTheConnectionsThatItMayBeAbout(hints: [Hint], names: [ConnectionName]) {
    let connections: [ConnectionName: ConnectionID] = ["crm": "id_1", "crm_eu": "id_2", "Größe": "id_3"]
    let found = connectionsToLookAt(after: hints, among: connections, branch: "main")
    #expect(Set(found) == Set(names) && found.count == names.count)
    #expect(found == found.sorted())
  }

  // MARK: Repeats

  @Test func aRepeatIsAHintNoMore() {
    var memory = DeliveryMemory()
    func deliver(_ text: String, _ id: String) -> HookAnswer {
      answer(
        request(text, headers: [("X-Signature", signature(text)), ("X-Delivery", id)]), memory: &memory)
    }
    let other = body + " "
    #expect(deliver(body, "1") == .hints([.branch("main")]))
    #expect(deliver(other, "1") == .ignored("forge: it was delivered before"), "the same delivery")
    #expect(deliver(body, "2") == .ignored("forge: it was delivered before"), "a replay under another id")
    #expect(deliver(body + "  ", "3") == .hints([.branch("main")]))
    memory = DeliveryMemory(keys: memory.keys)
    #expect(deliver(body, "4") == .ignored("forge: it was delivered before"), "after a restart too")
  }

  /// Else anybody could fill the memory, or have a coming delivery ignored.
  @Test func whatIsNotProvenIsNotRemembered() {
    var memory = DeliveryMemory()
    let forged = request(body, headers: [("X-Signature", "sha256=00"), ("X-Delivery", "1")])
    #expect(status(answer(forged, memory: &memory)) == 401)
    #expect(memory.keys.isEmpty)
    #expect(answer(request(body), memory: &memory) == .hints([.branch("main")]))
  }

  @Test func theMemoryIsBoundedAndForgetsTheOldestFirst() {
    var memory = DeliveryMemory(size: 4)
    for number in 0..<1_000 {
      let isNew = memory.insert(["\(number)"])
      #expect(isNew)
    }
    #expect(memory.keys.count <= 6)
    let (last, first) = (memory.insert(["999"]), memory.insert(["0"]))
    #expect(!last && first)
  }
}
