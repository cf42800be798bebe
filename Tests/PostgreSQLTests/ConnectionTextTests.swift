import DriftCore
import Glibc
import Testing

@testable import PostgreSQL

@Suite struct ConnectionTextTests {
  @Test func everythingThatTheEnvironmentCouldSetIsNamed() throws {
    let text = try connectionText(
      PostgresAddress(host: "h", user: "u", password: Secret("it's \\ x"), database: "d"),
      PostgresSettings())
    for keyword in try optionsWithEnvironmentVariables().keys { #expect(text.contains("\(keyword)='")) }
    for keyword in ["password", "passfile", "options", "sslmode", "host"] {
      #expect(text.contains("\(keyword)='"))
    }
    #expect(text.contains("password='it\\'s \\\\ x'"))
  }

  @Test func aServiceFileIsNeverRead() async {
    await #expect(processExitsWith: .success) {
      setenv("PGSERVICE", "elsewhere", 1)
      #expect {
        try connectionText(
          PostgresAddress(host: "h", user: "u", database: "d"), PostgresSettings())
      } throws: { error in
        (error as? PostgresError)?.hint == "unset PGSERVICE"
      }
    }
  }
}
