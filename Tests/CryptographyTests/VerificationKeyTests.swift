import Cryptography
import Testing

struct VerificationKeyTests {
  /// RFC 8032, section 7.1, test 2.
  @Test func ed25519HoldsForItsMessageAndHangsOnEveryByte() throws {
    let publicKey = try #require(bytes(hex: "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c"))
    let signature = try #require(
      bytes(
        hex: "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
          + "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"))
    let key = try #require(VerificationKey(ed25519: publicKey))
    #expect(key.verifies(signature, of: [0x72], digest: .sha512))
    #expect(!key.verifies(signature, of: [0x73], digest: .sha512))
    #expect(!key.verifies(signature, of: [], digest: .sha512))
    for index in signature.indices {
      var other = signature
      other[index] ^= 1
      #expect(!key.verifies(other, of: [0x72], digest: .sha512))
    }
    #expect(!key.verifies([], of: [0x72], digest: .sha512))
    #expect(!key.verifies(signature + [0], of: [0x72], digest: .sha512))
  }

  /// RFC 6979, section A.2.5: P-256 with SHA-256, message "sample".
  @Test func ecdsaHoldsWithNumbersOfAnyLength() throws {
    let x = "60fed4ba255a9d31c961eb74c6356d68c049b8923b61fa6ce669622e60f29fb6"
    let y = "7903fe1008b8bc99a41ae9e95628bc64f2f1b20c2d7e9f5177a3c294d4462299"
    let r = try #require(bytes(hex: "efd48b2aacb6a8fd1140dd9cd45e81d69d2c877b56aaf991c34d0ea84eaf3716"))
    let s = try #require(bytes(hex: "f7cb1c942d657c41d436c7a1b6e29f65f3e900dbb9aff4064dc4ab2f843acda8"))
    let key = try #require(VerificationKey(.nistp256, point: [4] + (bytes(hex: x + y) ?? [])))
    let message = Array("sample".utf8)
    #expect(key.verifies(VerificationKey.ecdsaSignature(r: r, s: s), of: message, digest: .sha256))
    #expect(key.verifies(VerificationKey.ecdsaSignature(r: [0, 0] + r, s: s), of: message, digest: .sha256))
    #expect(!key.verifies(VerificationKey.ecdsaSignature(r: s, s: r), of: message, digest: .sha256))
    #expect(!key.verifies(VerificationKey.ecdsaSignature(r: r, s: s), of: message, digest: .sha384))
    #expect(!key.verifies(VerificationKey.ecdsaSignature(r: [], s: []), of: message, digest: .sha256))
    #expect(VerificationKey(.nistp256, point: [4] + (bytes(hex: y + x) ?? [])) == nil, "that is not on the curve")
    #expect(VerificationKey(.nistp384, point: [4] + (bytes(hex: x + y) ?? [])) == nil)
  }

  @Test(
    arguments: [
      (255, [1, 0, 1], false), (256, [1, 0, 1], true), (1_024, [1, 0, 1], true), (1_025, [1, 0, 1], false),
      (256, [1, 0, 0], false), (256, [1], false), (256, [], false), (256, Array(repeating: 3, count: 9), false),
    ] as [(Int, [UInt8], Bool)])
  func rsaKeysAreLongEnoughAndNotTooLong(length: Int, exponent: [UInt8], isUsable: Bool) {
    let modulus = [UInt8](repeating: 0xC1, count: length)
    #expect((VerificationKey(rsaModulus: [0] + modulus, exponent: exponent) != nil) == isUsable)
  }

  @Test func aKeyOfAnotherLengthIsNone() {
    #expect(VerificationKey(ed25519: Array(repeating: 1, count: 31)) == nil)
    #expect(VerificationKey(.nistp256, point: []) == nil)
  }
}
