import Cryptography
import DriftCore

extension TransportAnswer {
  /// The answer without what the request held as a secret: a server may say it back, and an error quotes what a server says.
  package func withoutSecrets(of request: TransportRequest) -> TransportAnswer {
    let token = request.token?.reveal()
    // As it travels: behind "Basic ".
    let pair = token.map { base64(Array("\(request.user):\($0)".utf8)) }
    let proxy = request.proxy?.credentials?.reveal()
    let password = proxy.map { String($0.drop { $0 != ":" }.dropFirst()) }
    // What is shorter is no token, and would be found in any text.
    let secrets = [
      pair, token, request.passphrase?.reveal(), proxy.map { base64(Array($0.utf8)) }, proxy, password,
    ].compactMap(\.self).filter { $0.utf8.count >= 8 }
    func plain(_ text: String) -> String {
      secrets.reduce(text) { $0.replacing($1, with: "<redacted>") }
    }
    switch self {
    case .branches: return self
    case .outcomes(let outcomes):
      return .outcomes(
        outcomes.map { outcome in
          if case .refused(let text) = outcome { .refused(plain(text)) } else { outcome }
        })
    case .failure(var failure):
      failure.text = plain(failure.text)
      return .failure(failure)
    }
  }
}
