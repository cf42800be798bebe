import DriftCore
import Git
import Testing

struct TransportMessageTests {
  private let one = CommitID(String(repeating: "1", count: 40))

  @Test func aRequestIsReadAsItWasWritten() throws {
    let updates = [
      RefUpdate(branch: "mooring/a", expected: nil, target: one),
      RefUpdate(branch: "mooring/b", expected: one, target: nil),
    ]
    for work in [TransportRequest.Work.list, .fetch, .push([]), .push(updates)] {
      let request = TransportRequest(
        work, folder: "/f \"x\"\n", url: "https://h/r", branch: "main",
        access: RemoteAccess(
          user: "oauth2", token: Secret("t\n\u{1F511}"),
          key: SSHKey(path: "/k", passphrase: Secret("p"), knownHosts: "/h"), certificates: "/c",
          proxy: ProxyAddress(Secret("http://kim:\u{1F511}@p:1")),
          deadline: .milliseconds(1_500)))
      #expect(!request.line.contains("\n"))
      let read = try #require(TransportRequest(line: Array(request.line.utf8)))
      #expect(read.work == work)
      #expect(read.line == request.line)
      #expect(read.deadline == 1)
      #expect(read.token?.reveal() == "t\n\u{1F511}")
      #expect(read.proxy?.credentials?.reveal() == "kim:\u{1F511}")
      #expect(!"\(request)".contains("\u{1F511}"))
    }
  }

  @Test(arguments: [
    "", "{}", "[]", #"{"work":"fetch"}"#,
    #"{"work":"clone","folder":"f","url":"u","branch":"b","deadline":1,"user":"u"}"#,
    #"{"work":"fetch","folder":"f","url":"u","branch":"b","deadline":0,"user":"u"}"#,
    #"{"work":"fetch","folder":"f","url":"u","branch":"b","deadline":1,"user":"u","more":1}"#,
    #"{"work":"push","folder":"f","url":"u","branch":"b","deadline":1,"user":"u"}"#,
    #"{"work":"fetch","folder":"f","url":"u","branch":"b","deadline":1,"user":"u","proxy":"p"}"#,
    #"{"work":"push","folder":"f","url":"u","branch":"b","deadline":1,"user":"u","updates":[{"branch":"main"}]}"#,
  ])
  func anythingElseIsNoRequest(text: String) {
    #expect(TransportRequest(line: Array(text.utf8)) == nil)
  }

  @Test func anAnswerIsReadAsItWasWritten() throws {
    let answers: [TransportAnswer] =
      [
        .branches([:], others: []), .branches(["main": one, "mooring/a": one], others: ["x\n", "é"]),
        .outcomes([.updated, .leaseLost(found: nil), .leaseLost(found: one), .refused("no \"hook\"")]),
        .failure(TransportFailure(.answered, "busy", status: 503)),
      ]
      + TransportFailure.Kind.allCases.map { .failure(TransportFailure($0, "x", isSent: true)) }
    for answer in answers { #expect(TransportAnswer(line: Array(answer.line.utf8)) == answer) }
  }

  @Test(arguments: [
    "", "{}", "null", #"{"failure":"odd","text":"x","sent":true}"#, #"{"tips":{"main":"12"},"others":[]}"#,
    #"{"tips":{"main":"1111111111111111111111111111111111111111"}}"#, #"{"outcomes":[{"outcome":"maybe"}]}"#,
    #"{"outcomes":[{"outcome":"refused"}]}"#,
  ])
  func anythingElseIsNoAnswer(text: String) {
    #expect(TransportAnswer(line: Array(text.utf8)) == nil)
  }
}
