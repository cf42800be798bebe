import DriftCore
import PostgreSQL
import Testing

@Suite struct PostgresAddressTests {
  @Test func everyPartIsRead() throws {
    let address = try PostgresAddress(
      "postgres://us%20er:p%40ss%2F%3A@db.example:6543/ware%2Fhouse?sslmode=verify-full&sslrootcert=%2Fca.pem"
    )
    #expect(address.user == "us er")
    #expect(address.password?.reveal() == "p@ss/:")
    #expect(address.host == "db.example")
    #expect(address.port == 6543)
    #expect(address.database == "ware/house")
    #expect(address.encryption == ["sslmode": "verify-full", "sslrootcert": "/ca.pem"])
  }

  @Test(arguments: [
    ("postgres://u@h/d", "h", 5432, "d"),
    ("postgresql://u@h", "h", 5432, "u"),
    ("postgres://u@[::1]:7/d", "::1", 7, "d"),
    ("postgres://u@/d?host=/run/pg&port=8", "/run/pg", 8, "d"),
    ("postgres://u@%2Frun%2Fpg/d", "/run/pg", 5432, "d"),
    ("postgres://h/d?user=u&password=p", "h", 5432, "d"),
  ])
  func shortFormsAreFilledIn(text: String, host: String, port: Int, database: String) throws {
    let address = try PostgresAddress(text)
    #expect(address.user == "u")
    #expect(address.host == host)
    #expect(address.port == port)
    #expect(address.database == database)
  }

  @Test(arguments: [
    "", "mysql://u:hunter2@h/d", "postgres://", "postgres://h/d", "postgres://u:hunter2@/d",
    "postgres://u:hunter2@h:0/d", "postgres://u:hunter2@h:x/d", "postgres://u:hunter2@h:1:2/d",
    "postgres://u:hunter2@a,b/d", "postgres://u:hunter2@h/d?sslmode=off",
    "postgres://u:hunter2@h/d?options=-c%20x", "postgres://u:hunter2@h/d?sslmode",
    "postgres://u:hunter2@h/d?port=1&port=2", "postgres://u:hunter2%zz@h/d",
    "postgres://u:hunter2%00@h/d", "postgres://u:hunter2%ff@h/d", "postgres://u:hunter2@[::1/d",
    "postgres://u:hunter2#@h/d",
  ])
  func whatCannotBeReadIsRefusedWithoutShowingIt(text: String) {
    #expect {
      try PostgresAddress(text)
    } throws: { error in
      (error as? PostgresError)?.kind == .address && !"\(error)".contains("hunter2")
    }
  }

  @Test(arguments: [
    "postgres://us%20er@db.example:6543/ware%2Fhouse", "postgres://u@[::1]:7/d",
    "postgres://u@/d?host=%2Frun%2Fpg&port=8",
  ])
  func theDescriptionIsTheAddressWithoutItsPassword(text: String) throws {
    var address = try PostgresAddress(text)
    address.password = Secret("hunter2")
    #expect("\(address)" == text)
    #expect(!String(reflecting: address).contains("hunter2"))
    var dumped = ""
    dump(address, to: &dumped)
    #expect(!dumped.contains("hunter2"))
  }
}
