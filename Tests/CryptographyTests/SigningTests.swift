import Cryptography
import TestSupport
import Testing

struct SigningTests {
  /// RFC 4648, section 10, without padding; and the two letters in which the alphabets differ.
  @Test(arguments: [
    ("", ""), ("f", "Zg"), ("fo", "Zm8"), ("foo", "Zm9v"), ("foob", "Zm9vYg"), ("fooba", "Zm9vYmE"),
    ("foobar", "Zm9vYmFy"), ("???", "Pz8_"), ("~~~", "fn5-"),
  ])
  func base64HasTheURLAlphabetAndNoPadding(plain: String, encoded: String) {
    #expect(base64URL(Array(plain.utf8)) == encoded)
    #expect(bytes(base64URL: encoded) == Array(plain.utf8))
  }

  @Test(arguments: ["Z", "Zg==", "Zh", "Zm9", "Pz8/", "fn5+", "Zm 9v", "Zm9v\n"])
  func whatIsNotBase64IsRefused(text: String) {
    #expect(bytes(base64URL: text) == nil)
  }

  @Test func anRS256SignatureVerifiesAndHangsOnEveryByte() throws {
    let key = RSAKey()
    let message = Array("eyJhbGciOiJSUzI1NiJ9.e30".utf8)
    let signature = try rs256(message, pem: key.pem)
    #expect(signature.count == 256)
    #expect(key.verifies(signature, of: message))
    #expect(!key.verifies(signature, of: message + [0]))
    #expect(try rs256(message, pem: key.pem) == signature, "the same every time")
    #expect(!RSAKey().verifies(signature, of: message))
  }

  @Test func aTokenIsThreePartsAndTheThirdSignsTheOthers() throws {
    let key = RSAKey()
    let signer = try PrivateKey(pem: key.encryptedPEM(passphrase: "open"), passphrase: "open")
    #expect(signer.publicKey == key.publicKey)
    let parts = jsonWebToken(header: #"{"alg":"RS256"}"#, claims: #"{"iss":"a"}"#, key: signer).split(separator: ".")
    #expect(parts.prefix(2) == ["eyJhbGciOiJSUzI1NiJ9", "eyJpc3MiOiJhIn0"])
    let signature = try #require(bytes(base64URL: String(parts[2])))
    #expect(key.verifies(signature, of: Array(parts.prefix(2).joined(separator: ".").utf8)))
    #expect("\(signer)" == "<redacted>")
  }

  @Test func anotherPassphraseOpensNoKey() {
    let pem = RSAKey().encryptedPEM(passphrase: "open")
    for passphrase in [nil, "", "shut"] {
      #expect(throws: SigningError.unreadableKey) { try PrivateKey(pem: pem, passphrase: passphrase) }
    }
  }

  /// An encrypted key must not make libcrypto ask the terminal.
  @Test func aKeyThatCannotBeReadIsSaidToBe() {
    let key = RSAKey()
    for text in ["", "no key", String(key.pem.dropLast(200)), key.encryptedPEM(passphrase: "secret")] {
      #expect(throws: SigningError.unreadableKey) { try rs256([1], pem: text) }
    }
  }

  /// Ed25519, RFC 8410, section 10.3.
  @Test func anotherKindOfKeyIsSaidToBe() {
    let pem = """
      -----BEGIN PRIVATE KEY-----
      MC4CAQAwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC
      -----END PRIVATE KEY-----
      """
    #expect(throws: SigningError.notRSA) { try rs256([1], pem: pem) }
  }
}
