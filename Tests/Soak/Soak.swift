import FoundationEssentials
import Glibc

/// What takes too long for every test run: thousands of histories and of broken documents.
///
/// Ends with 1 at the first broken promise, after saying which, and with which command it is seen again.
@main
struct Soak {
  static func main() async throws {
    let arguments = Array(CommandLine.arguments.dropFirst())
    switch (arguments.first, arguments.dropFirst().first.flatMap { UInt64($0) }) {
    case ("histories", let count?) where count > 0 && arguments.count == 2: try await histories(1...count)
    case ("history", let seed?) where arguments.count == 2: try await history(seed)
    case ("documents", let count?) where count > 0 && arguments.count == 2: try await documents(Int(count))
    default:
      say("usage: soak histories COUNT | history SEED | documents COUNT")
      exit(64)
    }
  }

  private static func histories(_ seeds: ClosedRange<UInt64>) async throws {
    let start = ContinuousClock.now
    let lives = try await live(through: seeds) { lives in
      if lives.lived % 500 == 0 {
        say("\(lives.lived) of \(seeds.count) histories, \(Int(Double(lives.lived) / seconds(since: start))) a second")
      }
    }
    for broken in lives.broken {
      say("\(broken)\n  replay it: \(CommandLine.arguments[0]) history \(broken.seed)")
    }
    if !lives.broken.isEmpty { exit(1) }
    say("every promise held in \(lives.lived) histories; each saw, on average: \(lives.words)")
    guard lives.isEventful || lives.lived < 100 else {
      say("too little happened in them")
      exit(1)
    }
  }

  private static func history(_ seed: UInt64) async throws {
    let broken = try await History(seed: seed, trace: say).live()
    for promise in broken { say("broken: \(promise)") }
    exit(broken.isEmpty ? 0 : 1)
  }

  /// So many of each format, in parts that replay by their number.
  private static func documents(_ count: Int) async throws {
    let start = ContinuousClock.now
    let part = 1_000
    let parts = (count + part - 1) / part
    let readers: [(String, @Sendable (Int, UInt64) throws -> [String])] = [("JSON", brokenJSON), ("YAML", brokenYAML)]
    for (name, read) in readers {
      let broken = try await withThrowingTaskGroup(of: [String].self) { group in
        var left = (0..<parts).makeIterator()
        func begin() {
          guard let number = left.next() else { return }
          group.addTask { try read(min(part, count - number * part), UInt64(number)).map { "part \(number): \($0)" } }
        }
        for _ in 0..<ProcessInfo.processInfo.activeProcessorCount { begin() }
        var broken: [String] = []
        var done = 0
        while let found = try await group.next() {
          broken += found
          done += 1
          if done % 10 == 0 { say("\(min(count, done * part)) of \(count) broken \(name) documents") }
          if broken.isEmpty { begin() }
        }
        return broken
      }
      for problem in broken.prefix(5) { say("\(name), \(problem)") }
      if !broken.isEmpty { exit(1) }
    }
    say("\(count) broken documents of each format were read or refused, in \(Int(seconds(since: start))) s")
  }

  private static func seconds(since start: ContinuousClock.Instant) -> Double {
    let time = (ContinuousClock.now - start).components
    return Double(time.seconds) + Double(time.attoseconds) / 1e18
  }
}

/// Prints a line at once, also into a file.
@Sendable private func say(_ line: String) {
  let bytes = Array((line + "\n").utf8)
  _ = write(1, bytes, bytes.count)
}
