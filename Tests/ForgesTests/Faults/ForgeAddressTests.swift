import DriftCore
import TestSupport
import Testing
import Transport

@testable import Forges

/// Addresses that look like another one than they are.
struct ForgeAddressTests {
  /// Other spellings of this machine, and of what only looks like it: over plain http there is one host in three spellings.
  @Test(arguments: [
    "http://127.1/api/v1", "http://2130706433/api/v1", "http://0x7f000001/api/v1", "http://0177.0.0.1/api/v1",
    "http://[::ffff:127.0.0.1]/api/v1", "http://0.0.0.0/api/v1", "http://[::]/api/v1", "http://169.254.169.254/api/v1",
    "http://10.0.0.1/api/v1", "http://localhost.evil.example/api/v1", "http://localhost:80@evil.example/api/v1",
    "http://127.0.0.1\\@evil.example/", "http:/127.0.0.1", "http:127.0.0.1", "//127.0.0.1", "HTTP://evil.example",
    "https:evil.example", "https:///api/v1", "https://evil.example\u{0}/", "https://git.example.com\u{2028}/",
    "https://a:b@git.example.com", "https://git.example.com/%2e%2e/", "https://git.example.com/../x",
    "https://xn--\u{FF}/", "https://git.example.com/\u{FF0F}",
  ])
  func noRequestGoesThere(api: String) async throws {
    let transport = RecordingTransport(try LiveTransport())
    await #expect(throws: (any Error).self) {
      let forge = try HostedForge(
        .gitea,
        HostedSettings(
          api: api, repository: "acme/contracts", credential: .token(Secret("gt-1")), transport: transport,
          clock: ImmediateClock(), now: { FakeGitHub.start }))
      _ = try await forge.pullRequests()
    }
    #expect(transport.exchanges.isEmpty)
  }
}
