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
}
