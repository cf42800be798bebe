internal import CCurl
import Glibc

/// Owns the multi handle and every transfer, on one thread.
final class TransferLoop {
  /// What the thread is started with.
  final class Start: Sendable {
    let mailbox: Mailbox
    let options: LiveTransport.Options

    init(mailbox: Mailbox, options: LiveTransport.Options) {
      self.mailbox = mailbox
      self.options = options
    }
  }

  private let mailbox: Mailbox
  private let options: LiveTransport.Options
  private var line = WaitingLine()
  private var transfers: [UInt64: Transfer] = [:]

  init(_ start: Start) {
    mailbox = start.mailbox
    options = start.options
  }

  /// Returns when the mailbox is closed.
  func run() {
    // A peer that closes while OpenSSL writes would otherwise end the process by SIGPIPE.
    var all = sigset_t()
    sigfillset(&all)
    pthread_sigmask(SIG_BLOCK, &all, nil)

    while true {
      let (commands, isOpen) = mailbox.take()
      for command in commands {
        switch command {
        case .add(let job): line.insert(job)
        case .cancel(let id): cancel(id)
        }
      }
      if !isOpen { break }
      line.takeReady().forEach(start)
      var running: Int32 = 0
      curl_multi_perform(mailbox.multi, &running)
      if collect() || expire() { continue }
      curl_multi_poll(mailbox.multi, nil, 0, patience(), nil)
    }
    for job in line.remove(where: { _ in true }) {
      job.continuation.resume(throwing: TransportError(.stopped, job.request))
    }
    for (id, transfer) in transfers {
      finish(id, .failure(TransportError(.stopped, transfer.job.request)))
    }
    curl_multi_cleanup(mailbox.multi)
  }

  private func start(_ job: Job) {
    guard let transfer = Transfer(job, options),
      curl_multi_add_handle(mailbox.multi, transfer.easy) == CURLM_OK
    else {
      line.finish(job)
      let code = TransportError.Code.failed(Int(CURLE_FAILED_INIT.rawValue))
      job.continuation.resume(throwing: TransportError(code, job.request))
      return
    }
    transfers[job.id] = transfer
  }

  private func cancel(_ id: UInt64) {
    for job in line.remove(where: { $0.id == id }) {
      job.continuation.resume(throwing: CancellationError())
    }
    finish(id, .failure(CancellationError()))
  }

  /// Returns whether a request has ended, so that the next in line may start.
  private func collect() -> Bool {
    let before = transfers.count
    var left: Int32 = 0
    while let message = curl_multi_info_read(mailbox.multi, &left) {
      guard message.pointee.msg == CURLMSG_DONE, let easy = message.pointee.easy_handle else {
        continue
      }
      var context: UnsafeMutableRawPointer?
      ccurl_get_pointer(easy, CURLINFO_PRIVATE, &context)
      guard let context else { continue }
      let transfer = Unmanaged<Transfer>.fromOpaque(context).takeUnretainedValue()
      finish(transfer.job.id, transfer.outcome(ccurl_message_result(message)))
    }
    return transfers.count < before
  }

  /// The one deadline, for requests that wait in line as well. Returns whether a request has ended by it.
  private func expire() -> Bool {
    let now = ContinuousClock.now
    let before = transfers.count
    for job in line.remove(where: { $0.deadline <= now }) {
      job.continuation.resume(throwing: TransportError(.timedOut, job.request))
    }
    for (id, transfer) in transfers where transfer.job.deadline <= now {
      finish(id, .failure(TransportError(.timedOut, transfer.job.request)))
    }
    return transfers.count < before
  }

  /// Milliseconds to the nearest deadline.
  private func patience() -> Int32 {
    let deadlines = [transfers.values.map(\.job.deadline).min(), line.nearestDeadline]
    guard let nearest = deadlines.compactMap(\.self).min() else { return 60_000 }
    let wait = ContinuousClock.now.duration(to: nearest).components
    let milliseconds = wait.seconds * 1000 + wait.attoseconds / 1_000_000_000_000_000 + 1
    return Int32(min(max(milliseconds, 0), 60_000))
  }

  /// Ends a transfer and answers its caller; nothing for one that has ended before.
  private func finish(_ id: UInt64, _ outcome: Result<HTTPResponse, any Error>) {
    guard let transfer = transfers.removeValue(forKey: id) else { return }
    line.finish(transfer.job)
    curl_multi_remove_handle(mailbox.multi, transfer.easy)
    transfer.job.continuation.resume(with: outcome)
  }
}
