import Git
import Glibc

/// Fetches and pushes for `mooring`, which starts it once for each call: one request in, one answer out.
///
/// It ends when its input does, so it never outlives the process that started it, and at the request's deadline.
@main
enum MooringGit {
  private static let longestRequest = 4 << 20
  /// Seconds over the deadline, at which the caller ends it itself.
  private static let grace = 5

  static func main() {
    signal(SIGPIPE, SIG_IGN)
    guard let line = readLine(), let request = TransportRequest(line: line) else {
      write("mooring-git is started by mooring, which sends it a request; it has no other use\n", to: 2)
      exit(64)
    }
    alarm(UInt32(request.deadline + grace))
    endWithInput()
    write(answer(to: request).withoutSecrets(of: request).line + "\n", to: 1)
    exit(0)
  }

  private static func answer(to request: TransportRequest) -> TransportAnswer {
    do throws(TransportFailure) {
      let exchange = try Exchange(request)
      return switch request.work {
      case .list: try exchange.list()
      case .fetch: try exchange.fetch()
      case .push(let updates): try exchange.push(updates)
      }
    } catch {
      return .failure(error)
    }
  }

  /// The first line of the input; nil where it is too long or has no end.
  private static func readLine() -> [UInt8]? {
    var line: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 65_536)
    while line.count < longestRequest {
      let count = read(0, &buffer, buffer.count)
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { return nil }
      line += buffer[..<count]
      if line.last == UInt8(ascii: "\n") {
        line.removeLast()
        return line
      }
    }
    return nil
  }

  private static func endWithInput() {
    var thread = pthread_t()
    let code = pthread_create(
      &thread, nil,
      { _ in
        var byte: UInt8 = 0
        while true {
          let count = read(0, &byte, 1)
          if count == 0 || count < 0 && errno != EINTR { _exit(75) }
        }
      }, nil)
    precondition(code == 0, "a thread that watches the input starts (pthread_create answered \(code))")
  }

  private static func write(_ text: String, to descriptor: Int32) {
    var rest = Array(text.utf8)[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { return }
      rest = rest.dropFirst(count)
    }
  }
}
