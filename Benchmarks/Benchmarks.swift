import DriftCore
import FoundationEssentials
import Git
import Glibc
import PostgreSQL

/// Measures whole processes: user and system CPU time, wall time, peak memory; the best of several runs, a line each.
///
/// `benchmarks MOORING [FOLDER]`: the release build of mooring, and a folder with workloads `A`, `B`, `C`, each holding
/// `before.json` and `after.json`. Without a folder the workloads are made here, of the same sizes.
@main
struct Benchmarks {
  static func main() async throws {
    let arguments = CommandLine.arguments
    guard arguments.count >= 2 else {
      print("usage: benchmarks MOORING [FOLDER]")
      exit(64)
    }
    let folder = NSTemporary.folder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    print("workload                                        CPU ms   wall ms   peak MB")
    for workload in Workload.all {
      let path: String
      if arguments.count > 2 {
        path = "\(arguments[2])/\(workload.name)"
      } else {
        path = "\(folder)/\(workload.name)"
        try workload.write(to: path)
      }
      let schemas = ["\(path)/before.json", "\(path)/after.json"]
      var named = ["--json", "--sql"].map { form in
        ("\(workload.name) compare \(form)   \(workload.title)", [arguments[1], "compare"] + schemas + [form])
      }
      let peer = try Peer.command(in: folder)
      if let peer { named.append(("\(workload.name) plain Python, for scale", peer + schemas)) }
      let measured = try measure(named.map(\.1))
      for ((name, _), measurement) in zip(named, measured) { report(name, measurement) }
      if peer != nil, let python = measured.last?.cpu {
        let shares = measured.dropLast().map { share(of: $0.cpu, in: python) }
        print("  \(shares.joined(separator: " and ")) of plain Python's CPU time")
      }
    }
    if let server = try BenchServer.named() {
      for (name, measurement) in try await AppliedChange(in: folder, on: server).measure() { report(name, measurement) }
      for (name, measurement) in try await PendingChanges(in: folder, on: server).measure() {
        report(name, measurement)
      }
      try await measureCatalogue(on: server)
    } else {
      print("apply and the catalogue are not measured: \(BenchServer.variable) names no server")
    }
    try await measureBranch(in: folder)
    for (name, measurement) in try await QuietPoll(in: folder).measure() {
      report(name, measurement)
    }
    let (name, measurement) = try await ManyProposals(in: folder).measure()
    report(name, measurement)
    for (name, measurement) in try RenderActions.measure() { report(name, measurement) }
  }

  /// What a poll adds to the catalogue query that it cannot do without; the goal is 1.5 times its wall time.
  private static func measureCatalogue(on server: PostgresAddress) async throws {
    let catalogue = try await PostgresCatalogue(on: server)
    let (bare, streamed, snapshot) = try await catalogue.measure()
    report("100,000 columns on PostgreSQL, by libpq alone", bare)
    report("100,000 columns on PostgreSQL, none kept", streamed)
    report("100,000 columns on PostgreSQL, as a snapshot", snapshot)
    print("  a snapshot takes \(share(of: snapshot.wall, in: bare.wall)) times the wall time of the query")
  }

  /// A branch with 20 changed files on a repository of 2,000 contracts, durable.
  private static func measureBranch(in folder: String) async throws {
    func path(_ index: Int) -> String {
      "contracts/connection_\(index / 100)/schema.table_\(index)/contract.odcs.yaml"
    }
    func text(_ index: Int) -> String {
      (0..<50).reduce("id: contract-\(index)\n") {
        $0 + "      - id: col_\($1)\n        name: column_\($1)\n        physicalType: text\n"
      }
    }
    let seed = try SeedRepository(path: "\(folder)/contracts.git") { write in
      for index in 0..<2_000 { try write(path(index), text(index)) }
    }
    let repository = GitRepository(remote: seed.path, clone: "\(folder)/clone", branch: "main")
    let base = try await repository.fetch()
    var best = Measurement.worst
    for round in 0..<5 {
      let edits = (0..<20).map { index in
        FileEdit(path: path(index), bytes: Array("# round \(round)\n\(text(index))".utf8))
      }
      let start = Measurement.now()
      let (commit, _) = try await repository.commit(
        CommitDraft(base: base, message: "round \(round)\n", edits: edits))
      _ = try await repository.push([
        RefUpdate(branch: "mooring/bench/round\(round)", expected: nil, target: commit)
      ])
      best = best.better(Measurement.now().since(start))
    }
    report("branch of 20 files, durable, in 2,000 contracts", best)
  }
}

struct Measurement {
  var cpu: Double
  var wall: Double
  var peak: Double

  /// What any measurement is better than.
  static let worst = Measurement(cpu: .infinity, wall: .infinity, peak: 0)

  static func now() -> Measurement {
    var usage = rusage()
    getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Measurement(
      cpu: usage.milliseconds, wall: Double(time.tv_sec) * 1000 + Double(time.tv_nsec) / 1e6,
      peak: Double(usage.ru_maxrss) / 1024)
  }

  /// Of the body, with the peak of memory begun anew.
  static func of(_ body: () async throws -> Void) async throws -> Measurement {
    let peak = open("/proc/self/clear_refs", O_WRONLY)
    _ = write(peak, "5", 1)
    close(peak)
    let start = now()
    try await body()
    return now().since(start)
  }

  func since(_ start: Measurement) -> Measurement {
    Measurement(cpu: cpu - start.cpu, wall: wall - start.wall, peak: peak)
  }

  func better(_ other: Measurement) -> Measurement {
    Measurement(
      cpu: min(cpu, other.cpu), wall: min(wall, other.wall), peak: max(peak, other.peak))
  }
}

extension rusage {
  fileprivate var milliseconds: Double {
    Double(ru_utime.tv_sec + ru_stime.tv_sec) * 1000
      + Double(ru_utime.tv_usec + ru_stime.tv_usec) / 1000
  }
}

/// Runs programs seven times in turns, so that a slow minute is one for all of them; the least CPU and wall time and the
/// greatest memory of each.
private func measure(_ commands: [[String]]) throws -> [Measurement] {
  var best = commands.map { _ in Measurement.worst }
  for _ in 0..<7 {
    for (index, command) in commands.enumerated() { best[index] = best[index].better(try run(command)) }
  }
  return best
}

/// Runs a program, its output thrown away.
private func run(_ command: [String]) throws -> Measurement {
  let start = Measurement.now()
  var actions = posix_spawn_file_actions_t()
  posix_spawn_file_actions_init(&actions)
  posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0)
  var arguments: [UnsafeMutablePointer<CChar>?] = command.map { strdup($0) } + [nil]
  var process = pid_t()
  guard posix_spawn(&process, command[0], &actions, nil, &arguments, environ) == 0 else {
    throw BenchmarkError(description: "\(command[0]) cannot be run")
  }
  var status: Int32 = 0
  var usage = rusage()
  wait4(process, &status, 0, &usage)
  for argument in arguments { free(argument) }
  posix_spawn_file_actions_destroy(&actions)
  let code = (status >> 8) & 0xFF
  guard status & 0x7F == 0, code == 0 || code == 2 else {
    throw BenchmarkError(description: "\(command.joined(separator: " ")) ended with \(code)")
  }
  return Measurement(
    cpu: usage.milliseconds, wall: Measurement.now().since(start).wall, peak: Double(usage.ru_maxrss) / 1024)
}

/// Two digits after the point.
private func share(of part: Double, in whole: Double) -> String { "\(Double(Int(part / whole * 100)) / 100)" }

struct BenchmarkError: Error, CustomStringConvertible {
  var description: String
}

private func report(_ name: String, _ measurement: Measurement) {
  func column(_ value: Double) -> String {
    let text = String((value * 10).rounded() / 10)
    return String(repeating: " ", count: max(0, 10 - text.count)) + text
  }
  print(
    name + String(repeating: " ", count: max(0, 46 - name.count)) + column(measurement.cpu)
      + column(measurement.wall) + column(measurement.peak))
}

enum NSTemporary {
  static func folder() -> String {
    var template = Array("/tmp/mooring-bench-XXXXXX".utf8CString)
    return mkdtemp(&template).map { String(cString: $0) } ?? "/tmp/mooring-bench"
  }
}
