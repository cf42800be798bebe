import Testing

@testable import Forges

struct APIBaseTests {
  @Test(arguments: [
    "https://api.github.com", "https://git.example.com/api/v3", "https://git.example.com:8443/api/v1",
    "http://127.0.0.1:3000/api/v1", "http://localhost/api/v4", "http://[::1]:80/x", "http://localhost",
  ])
  func aTokenGoesOverTheseAddresses(api: String) throws {
    #expect(try apiBase(api) == api)
    #expect(try apiBase(api + "/") == api)
  }

  @Test(arguments: [
    "", "https://", "api.github.com", "http://git.example.com/api/v1", "http://127.0.0.1.evil.example",
    "http://127.0.0.10/x", "http://localhost@evil.example", "https://user@git.example.com", "ftp://x", "file:///etc",
    "https://git.example.com?x=1", "https://git.example.com/#x", "https://a b", "HTTPS://x\n",
  ])
  func aTokenDoesNotGoOverThese(api: String) {
    #expect(throws: ForgeError.self) { try apiBase(api) }
  }
}
