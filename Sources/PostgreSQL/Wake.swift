internal import CPostgres

/// A descriptor through which another thread interrupts a wait.
final class Wake: Sendable {
  let descriptor: Int32

  init() throws(PostgresError) {
    descriptor = cpostgres_wake_open()
    if descriptor < 0 { throw PostgresError(.connection, "the system gave no file descriptor") }
  }

  deinit { close(descriptor) }

  func signal() { cpostgres_wake_signal(descriptor) }

  func drain() { cpostgres_wake_drain(descriptor) }
}
