import Cryptography
import Testing

/// Vectors of AWS's own Signature Version 4 test suite: name, method, headers besides host and date, body, signature.
struct AWSAuthorizationTests {
  private static let token =
    "AQoDYXdzEPT//////////wEXAMPLEtc764bNrC9SAPBSM22wDOk4x4HIZ8j4FZTwdQWLWsKWHGBuFqwAeMicRXmxfpSPfIeoIYRqTflfKD8YUuwthAx7"
    + "mSEI/qkPpKPi/kMcGdQrmGdeehM4IC1NtBmUpp2wUE8phUZampKsburEDy0KPkyQDYwT7WZ0wq5VSXDvp75YU9HFvlRd8Tx6q6fE8YQcHNVXAkiY9q6d"
    + "+xo0rKwT38xVqr7ZD0u0iPPkUL64lIZbqBAz+scqKmlzm8FDrypNC9Yjc8fPOLn9FX9KSYvKTr4rvx3iSIlTJabIQwj2ICCR/oLxBA=="

  private static let vectors: [(String, String, [(String, String)], String, String)] = [
    ("get-vanilla", "GET", [], "", "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"),
    ("post-vanilla", "POST", [], "", "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b"),
    (
      "get-header-value-trim", "GET", [("My-Header1", " value1"), ("My-Header2", " \"a   b   c\"")], "",
      "acc3ed3afb60bb290fc8d2dd0098b9911fcaa05412b367055dee359757a9c736"
    ),
    (
      "post-header-key-sort", "POST", [("My-Header1", "value1")], "",
      "c5410059b04c1ee005303aed430f6e6645f61f4dc9e1461ec8f8916fdf18852c"
    ),
    (
      "post-header-value-case", "POST", [("My-Header1", "VALUE1")], "",
      "cdbc9802e29d2942e5e10b5bccfdd67c5f22c7c4e8ae67b53629efa58b974b7d"
    ),
    (
      "post-x-www-form-urlencoded", "POST", [("Content-Type", "application/x-www-form-urlencoded")], "Param1=value1",
      "ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a"
    ),
    (
      "post-sts-header-before", "POST", [("X-Amz-Security-Token", token)], "",
      "85d96828115b5dc0cfc3bd16ad9e210dd772bbebba041836c64533a82be05ead"
    ),
  ]

  @Test(arguments: vectors.indices)
  func aRequestIsSignedAsInTheTestSuite(index: Int) {
    let (name, method, headers, body, signature) = Self.vectors[index]
    let signer = AWSSigner(
      accessKey: "AKIDEXAMPLE", secretKey: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", region: "us-east-1",
      service: "service")
    let request = AWSRequest(
      method: method, path: "/",
      headers: headers + [("X-Amz-Date", "20150830T123600Z"), ("Host", "example.amazonaws.com")],
      body: Array(body.utf8))
    let names = (headers.map(\.0) + ["host", "x-amz-date"]).map { $0.lowercased() }.sorted().joined(separator: ";")
    #expect(
      signer.authorization(of: request, date: "20150830T123600Z")
        == "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, "
        + "SignedHeaders=\(names), Signature=\(signature)", "\(name)")
  }
}
