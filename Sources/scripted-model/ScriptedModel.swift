import ArgumentParser
import FoundationEssentials
import Glibc
import HTTPTypes
import Hummingbird
import JSON
import Logging
import NIOCore

/// Sits in a language model's seat in the demo and in tests, and says so in every answer.
@main
struct ScriptedModel: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "scripted-model",
    abstract: "Answers chat-completions from a script. No language model is involved.")

  @Option(help: "Host and port; port 0 picks one.")
  var listen = "127.0.0.1:0"
  @Option(help: "The script: rules in JSON.")
  var script: String

  func run() async throws {
    guard let colon = listen.lastIndex(of: ":"), let port = Int(listen[listen.index(after: colon)...])
    else { throw ValidationError("--listen should read HOST:PORT") }
    let host = String(listen[..<colon])
    guard let data = FileManager.default.contents(atPath: script) else {
      throw ValidationError("\(script) cannot be read")
    }
    let rules = try JSONValue.parse(Array(data))["rules"]?.array ?? []
    let responder = CallbackResponder<BasicRequestContext> { request, _ in
      let body = try await request.body.collect(upTo: 1 << 20)
      let answer = completion(for: Array(body.readableBytesView), rules: rules)
      return Response(
        status: .ok, headers: [.contentType: "application/json"],
        body: ResponseBody(byteBuffer: ByteBuffer(string: answer.text)))
    }
    var logger = Logger(label: "scripted-model")
    logger.logLevel = .error
    let application = Application(
      responder: responder,
      configuration: .init(address: .hostname(host, port: port), serverName: nil),
      onServerRunning: { channel in
        let line = "scripted-model: listening on http://\(host):\(channel.localAddress?.port ?? port)\n"
        _ = Array(line.utf8).withUnsafeBytes { write(1, $0.baseAddress, $0.count) }
      }, logger: logger)
    try await application.runService()
  }
}

/// The answer to one request: for each item the first rule whose words its fact contains.
func completion(for body: [UInt8], rules: [JSONValue]) -> JSONValue {
  let messages = (try? JSONValue.parse(body))?["messages"]?.array ?? []
  let lines = (messages.last?["content"]?.string ?? "").split(separator: "\n")
  let facts = lines.first { $0.hasPrefix("{") }.flatMap { try? JSONValue.parse(String($0)) }
  var answers: [JSONMember] = []
  for item in facts?["items"]?.array ?? [] {
    let fact = item["fact"]?.string ?? ""
    let rule = rules.first { fact.contains($0["fact_contains"]?.string ?? "\u{0}") }
    if let id = item["id"]?.string, let answer = rule?["answer"] {
      answers.append(JSONMember(id, answer))
    }
  }
  return [
    "id": "scripted", "object": "chat.completion", "model": "scripted (no language model)",
    "choices": [
      [
        "index": 0, "finish_reason": "stop",
        "message": ["role": "assistant", "content": .string(JSONValue.object(answers).text)],
      ]
    ],
    "usage": ["prompt_tokens": 0, "completion_tokens": 0, "total_tokens": 0],
  ]
}
