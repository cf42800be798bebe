import Cryptography
import Testing

@Suite struct CryptographyTests {
  /// NIST's examples for SHA-256 (FIPS 180-2, appendix B), and the empty message.
  @Test(arguments: [
    ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
    ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
    (
      "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
      "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
    ),
  ])
  func sha256GivesTheKnownAnswer(message: String, digest: String) {
    #expect(sha256Hex(message) == digest)
    #expect(hex(sha256(Array(message.utf8))) == digest)
  }

  /// RFC 4231, test cases 1, 2, 3, 6; no key and no message; a sync webhook's body.
  @Test(
    arguments: [
      (
        [UInt8](repeating: 0x0B, count: 20), Array("Hi There".utf8),
        "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"
      ),
      (
        Array("Jefe".utf8), Array("what do ya want for nothing?".utf8),
        "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
      ),
      (
        [UInt8](repeating: 0xAA, count: 20), [UInt8](repeating: 0xDD, count: 50),
        "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe"
      ),
      (
        [UInt8](repeating: 0xAA, count: 131),
        Array("Test Using Larger Than Block-Size Key - Hash Key First".utf8),
        "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"
      ),
      ([], [], "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad"),
      (
        Array("correct-horse-battery-staple-0001".utf8),
        Array(
          #"{"event":"sync_end","connector_id":"gentle_harbour","data":{"status":"SUCCESSFUL"}}"#
            .utf8),
        "407dbf576fcce6b92de85834e9f2858e93225ae8ed22f20f68445e2fc9ea616a"
      ),
    ] as [([UInt8], [UInt8], String)])
  func hmacGivesTheKnownAnswer(key: [UInt8], message: [UInt8], code: String) {
    #expect(hex(hmacSHA256(key: key, message: message)) == code)
  }

  @Test func comparisonSeesEveryByteAndTheLength() {
    let code = hmacSHA256(key: [1], message: [2])
    #expect(constantTimeEqual(code, code))
    #expect(constantTimeEqual([], []))
    #expect(!constantTimeEqual(code, Array(code.dropLast())))
    for index in code.indices {
      var other = code
      other[index] ^= 1
      #expect(!constantTimeEqual(code, other))
    }
  }

  @Test func hexIsReadInEitherCaseAndWrittenInLowerCase() {
    let all = (0...255).map { UInt8($0) }
    #expect(bytes(hex: hex(all)) == all)
    #expect(bytes(hex: hex(all).uppercased()) == all)
    #expect(hex([0x00, 0xAB]) == "00ab")
    #expect(bytes(hex: "") == [])
  }

  @Test(arguments: ["0", "0g", "0x00", " 00", "00 ", "é0", "000"])
  func whatIsNotHexIsRefused(text: String) {
    #expect(bytes(hex: text) == nil)
  }

  /// RFC 8032, section 7.1, tests 1 and 2.
  @Test(arguments: [
    (
      "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
      "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
      "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"
    ),
    (
      "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
      "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
      "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"
    ),
  ])
  func ed25519GivesTheKnownAnswer(seed: String, publicKey: String, message: String, signature: String) throws {
    let seedBytes = try #require(bytes(hex: seed))
    let key = try #require(Ed25519Key(seed: seedBytes))
    #expect(hex(key.publicKey) == publicKey)
    #expect(hex(key.signature(of: bytes(hex: message) ?? [])) == signature)
    #expect("\(key) \(String(reflecting: key))".contains(seed.prefix(8)) == false)
  }

  @Test(arguments: [0, 31, 33, 64])
  func aSeedOfAnotherLengthIsNoKey(count: Int) {
    #expect(Ed25519Key(seed: [UInt8](repeating: 1, count: count)) == nil)
  }

  /// RFC 4648, section 10.
  @Test(arguments: [
    ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foobar", "Zm9vYmFy"), ("\u{3ff}\u{3f}", "z78/"),
  ])
  func base64GivesTheKnownAnswer(text: String, encoded: String) {
    #expect(base64(Array(text.utf8)) == encoded)
    #expect(bytes(base64: encoded) == Array(text.utf8))
  }

  @Test(arguments: ["Z", "Zg", "Zg=", "Zg= =", "Zh==", "Zg==\n", " Zg==", "Z===", "====", "Zm9-", "Zg==Zg=="])
  func anythingElseIsNoBase64(text: String) {
    #expect(bytes(base64: text) == nil)
  }
}
