package import DriftCore
import JSON
package import Transport

/// Any provider that speaks OpenAI's chat-completions. One request a question, none of its text trusted.
package struct OpenAICompatibleModel: LanguageModel {
  package let name: String
  private let baseURL: String
  private let key: Secret
  private let transport: any HTTPTransport

  /// - Parameter baseURL: up to and without `/chat/completions`, such as `https://api.openai.com/v1`.
  package init(baseURL: String, name: String, key: Secret, transport: any HTTPTransport) {
    self.baseURL = baseURL.hasSuffix("/") ? String(baseURL.dropLast()) : baseURL
    self.name = name
    self.key = key
    self.transport = transport
  }

  /// Throws `LanguageModelError`, `TransportError` or `CancellationError`.
  package func answer(_ question: Question) async throws -> Opinion {
    var response = try await send(body(question, format: answerSchema(of: question)))
    if response.status == 400 {
      // Providers without structured output still take plain JSON; the answer is checked all the same.
      response = try await send(body(question, format: ["type": "json_object"]))
    }
    guard response.status == 200 else { throw LanguageModelError.refused(status: response.status) }
    return try opinion(from: response.body, on: question, model: name)
  }

  private func send(_ body: JSONValue) async throws -> HTTPResponse {
    let request = HTTPRequest(
      method: "POST", url: baseURL + "/chat/completions",
      headers: [
        HTTPHeader("Content-Type", "application/json"),
        HTTPHeader("Authorization", secret: Secret("Bearer " + key.reveal())),
      ],
      body: Array(body.text.utf8), timeout: .seconds(60), isRepeatable: true,
      maximumBodySize: maximumAnswer)
    do {
      return try await transport.send(request)
    } catch let error as TransportError where error.code == .tooLarge {
      throw LanguageModelError.unreadable("it is longer than \(maximumAnswer >> 10) KiB")
    }
  }

  private func body(_ question: Question, format: JSONValue) -> JSONValue {
    [
      "model": .string(name),
      "messages": [
        ["role": "system", "content": .string(instructions)],
        ["role": "user", "content": .string(facts(of: question))],
      ],
      "response_format": format,
      "temperature": 0,
      "seed": 1,
      "max_tokens": .number(String(min(8_000, 300 + 200 * question.items.count))),
    ]
  }
}

/// Bytes of an answer; a longer one is refused unread.
private let maximumAnswer = 256 << 10

/// Why a model's answer is not used.
package enum LanguageModelError: Error, Hashable, Sendable, CustomStringConvertible {
  case refused(status: Int)
  case unreadable(String)

  package var description: String {
    switch self {
    case .refused(401), .refused(403): "the provider refused the key; check model.key in mooring.yaml"
    case .refused(let status): "the provider answered \(status)"
    case .unreadable(let reason): "its answer cannot be used: \(reason)"
    }
  }
}
