import ArgumentParser
import FoundationEssentials
import Glibc

/// The command line. One command a file; each parses, calls one function and prints its value.
@main
struct Mooring: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "mooring",
    abstract: "Keeps a warehouse's schemas from drifting: schema-drift pull requests for Fivetran.",
    discussion: """
      Results go to standard output, everything else to standard error. Exit 0: agreed; 2: findings (diff, lint, \
      check, compare, run --exit-code); 1: could not tell.
      """,
    version: version,
    subcommands: [
      Init.self, Lint.self, Fmt.self, Draft.self, Check.self, Snapshot.self, Diff.self, Plan.self, Run.self, Apply.self,
      Adopt.self,
      Undo.self, Reject.self, Hold.self, Resume.self, Status.self, Audit.self, Compare.self, Eval.self, Explain.self,
    ])

  static func main() async {
    // A reader that goes away (`mooring run | head`) ends the output, not the work.
    signal(SIGPIPE, SIG_IGN)
    do {
      var command = try parseAsRoot()
      if var command = command as? any AsyncParsableCommand {
        try await command.run()
      } else {
        try command.run()
      }
      end(0)
    } catch let code as ExitCode {
      end(code.rawValue)
    } catch let problems as Problems {
      complain("\(problems)")
      end(1)
    } catch is CancellationError {
      end(1)
    } catch {
      // Help, version and usage are the parser's own business.
      if exitCode(for: error) != .failure { exit(withError: error) }
      complain("error: \(error)")
      end(1)
    }
  }

  /// Leaves without running the exit handlers of C libraries: they free what the threads of others may still use.
  private static func end(_ code: Int32) -> Never {
    fflush(nil)
    _exit(code)
  }
}

/// The program's version, as `--version` and the user agent say it.
let version = "0.1.0"

/// Writes one message to standard error.
func complain(_ text: String) {
  FileHandleOutput.standardError(text + "\n")
}
