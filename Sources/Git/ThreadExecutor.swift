import Glibc

/// Runs an actor's jobs on one thread of its own: blocking calls leave the shared pool alone, and what a C library keeps
/// per thread stays together. The thread ends with the executor.
final class ThreadExecutor: SerialExecutor {
  private let line = JobLine()

  init() {
    var thread = pthread_t()
    // Not a variable: its initialiser belongs to whichever C module imported the type first.
    let attributes = UnsafeMutablePointer<pthread_attr_t>.allocate(capacity: 1)
    defer { attributes.deallocate() }
    pthread_attr_init(attributes)
    pthread_attr_setdetachstate(attributes, Int32(PTHREAD_CREATE_DETACHED))
    pthread_attr_setstacksize(attributes, 8 << 20)
    let context = Unmanaged.passRetained(line).toOpaque()
    let code = pthread_create(
      &thread, attributes,
      { context in
        guard let context else { return nil }
        Unmanaged<JobLine>.fromOpaque(context).takeRetainedValue().run()
        return nil
      }, context)
    pthread_attr_destroy(attributes)
    precondition(code == 0, "a thread for git starts (pthread_create answered \(code))")
  }

  deinit { line.end() }

  func enqueue(_ job: consuming ExecutorJob) {
    line.append(UnownedJob(job), for: self)
  }

  func asUnownedSerialExecutor() -> UnownedSerialExecutor {
    UnownedSerialExecutor(ordinary: self)
  }
}

/// The jobs that wait for the thread. A job keeps its executor alive until it has run.
private final class JobLine: @unchecked Sendable {
  private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  private let signal = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
  private var jobs: [(job: UnownedJob, executor: ThreadExecutor)] = []
  private var ended = false

  init() {
    pthread_mutex_init(mutex, nil)
    pthread_cond_init(signal, nil)
  }

  deinit {
    pthread_cond_destroy(signal)
    pthread_mutex_destroy(mutex)
    signal.deallocate()
    mutex.deallocate()
  }

  func append(_ job: UnownedJob, for executor: ThreadExecutor) {
    pthread_mutex_lock(mutex)
    jobs.append((job, executor))
    pthread_cond_signal(signal)
    pthread_mutex_unlock(mutex)
  }

  func end() {
    pthread_mutex_lock(mutex)
    ended = true
    pthread_cond_signal(signal)
    pthread_mutex_unlock(mutex)
  }

  func run() {
    while let next = take() {
      next.job.runSynchronously(on: next.executor.asUnownedSerialExecutor())
    }
  }

  private func take() -> (job: UnownedJob, executor: ThreadExecutor)? {
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    while jobs.isEmpty {
      if ended { return nil }
      pthread_cond_wait(signal, mutex)
    }
    return jobs.removeFirst()
  }
}
