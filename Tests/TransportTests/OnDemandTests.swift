import COnDemand
import Testing

@Suite struct OnDemandTests {
  @Test(arguments: [("libnowhere.so.1", "f", "libnowhere.so.1"), ("libc.so.6", "no_such_function", "no_such_function")])
  func whatIsMissingIsNamed(library: String, function: String, named: String) throws {
    var address: UnsafeMutableRawPointer?
    let missing = try function.withCString { name in
      try withUnsafeMutablePointer(to: &address) { address in
        try #require(on_demand_open(library, [on_demand_function(name: name, address: address)], 1))
      }
    }
    #expect(String(cString: missing).contains(named))
    #expect(address == nil)
  }
}
