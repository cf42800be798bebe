import DriftCore
import Transport

extension HTTPResponse {
  /// The answer without what its request held as a secret: a server may say it back, and an error quotes what a server says.
  func withoutSecrets(of request: HTTPRequest) -> HTTPResponse {
    var answer = self
    for header in request.headers {
      guard case .secret(let secret) = header.value else { continue }
      // Behind "Bearer " or "token ". What is shorter is no token, and would be found in any text.
      guard let token = secret.reveal().split(separator: " ").last?.utf8, token.count >= 8 else { continue }
      answer.body = answer.body.replacing(Array(token), with: Array("<redacted>".utf8))
    }
    return answer
  }
}
