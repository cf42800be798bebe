import ArgumentParser
import FivetranSimulator
import Glibc
import PostgreSQL
import Transport

@main
struct FivetranSimulatorCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "fivetran-simulator",
    abstract: "Behaves as Fivetran's REST API does, and loads a real PostgreSQL as Fivetran would.",
    discussion: """
      It is steered with requests to /simulator: advance, sync, next-sync, pace, clock, limits, webhooks, faults,
      requests, deliveries. docs/simulator.md tells how, and how scenarios are written.
      """)

  @Option(help: "Host and port; port 0 picks one.")
  var listen = "127.0.0.1:8090"
  @Option(help: "Folder of the scenario.")
  var scenario: String
  @Option(help: "postgres://... of the warehouse to load.")
  var warehouse: String?
  @Option(help: "API key that callers must show.")
  var key: String?
  @Option(help: "API secret that callers must show.")
  var secret: String?

  func run() async throws {
    guard let colon = listen.lastIndex(of: ":"), let port = Int(listen[listen.index(after: colon)...])
    else { throw ValidationError("--listen should read HOST:PORT") }
    let host = String(listen[..<colon])
    var loader: Loader?
    if let warehouse {
      loader = Loader(connection: try await PostgresConnection.connect(to: PostgresAddress(warehouse)))
    }
    var credentials: Credentials?
    switch (key, secret) {
    case (let key?, let secret?): credentials = Credentials(key: key, secret: secret)
    case (nil, nil): break
    default: throw ValidationError("--key and --secret go together")
    }
    let start = ContinuousClock.now
    let simulator = Simulator(
      try loadScenario(scenario), loader: loader, credentials: credentials,
      transport: try LiveTransport(), uptime: { .now - start })
    try await simulator.loadAll()
    try await serve(simulator, host: host, port: port) { port in
      // Whoever started the program waits for this line: it must not stay in a buffer.
      let line = Array("fivetran-simulator: listening on http://\(host):\(port)\n".utf8)
      _ = line.withUnsafeBytes { write(1, $0.baseAddress, $0.count) }
    }
  }
}
