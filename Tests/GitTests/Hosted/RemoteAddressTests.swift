import Git
import Testing

struct RemoteAddressTests {
  @Test(arguments: [
    ("https://host.example/o/r.git", RemoteAddress.https("https://host.example/o/r.git")),
    ("https://host.example:8443/o/r", .https("https://host.example:8443/o/r")),
    ("HTTPS://host.example/o/r", .https("https://host.example/o/r")),
    ("https://[2001:db8::1]:8443/o/r", .https("https://[2001:db8::1]:8443/o/r")),
    ("http://127.0.0.1:3000/o/r", .https("http://127.0.0.1:3000/o/r")),
    ("ssh://git@host.example/o/r.git", .ssh("ssh://git@host.example/o/r.git")),
    ("ssh://host.example:2222/~/r.git", .ssh("ssh://host.example:2222/~/r.git")),
    ("git@host.example:o/r.git", .ssh("git@host.example:o/r.git")),
    ("file:///srv/git/r.git", .folder("/srv/git/r.git")),
    ("/srv/git/r.git", .folder("/srv/git/r.git")),
    ("../r.git", .folder("../r.git")),
    (".", .folder(".")),
    ("./a:b", .folder("./a:b")),
    ("c:r", .folder("c:r")),
    // To git, a program to run.
    ("ext::sh -c id", .folder("ext::sh -c id")),
  ])
  func whatGitUnderstandsIsUnderstood(text: String, address: RemoteAddress) throws {
    #expect(try RemoteAddress(text) == address)
  }

  @Test(arguments: [
    "https://ada:hunter2@host.example/o/r", "https://hunter2@host.example/o/r", "https://@host.example/o/r",
    "https://host.example/o/r?token=hunter2", "https://host.example/o/r#hunter2",
    "ssh://git:hunter2@host.example/o/r", "git:hunter2@host.example:o/r", "http://host.example/o/r",
    "http://127.0.0.1.host.example/o/r", "http://127.0.0.1@host.example/o/r", "git://host.example/o/r",
    "ext://sh", "ftp://host.example/o/r", "https:///o/r", "https://host.example",
    "https://host.example/", "https://host.example:0/o", "https://host.example:http/o",
    "https://host.example:70000/o", "ssh://-oProxyCommand=id/o/r", "ssh://git@-oProxyCommand=id/o/r",
    "-git@host.example:o/r", "git@host.example:-o/r", "ssh://git@host.example/o/$(id)",
    "ssh://git@host.example/o/`id`", "ssh://git@host.example/o/r';id;'", "ssh://git@host.example/o\\r",
    "https://host.example/o\r\nX: y", "https://host.example/o r", "https://ho%73t.example/o",
    "file://host/srv/r.git", "file:///srv/%2e%2e/r.git",
  ])
  func whatMayHideSomethingIsRefused(text: String) throws {
    let error = #expect(throws: GitError.self) { try RemoteAddress(text) }
    #expect(error?.code == .badAddress)
    #expect(error?.wayOut != nil)
    #expect(error?.description.contains("hunter2") == false)
    #expect(error?.description.contains("\r") == false)
  }
}
