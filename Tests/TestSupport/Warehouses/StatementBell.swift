import Synchronization

/// Wakes whoever waits for a fake to have taken a statement.
package final class StatementBell: Sendable {
  private struct State {
    var taken: [String] = []
    var waiting: [(number: Int, part: String, continuation: CheckedContinuation<Void, Never>)] = []
    var count = 0
  }

  private let state = Mutex(State())

  func ring(_ statement: String) {
    state.withLock { state in
      state.taken.append(statement)
      for index in state.waiting.indices.reversed() where statement.contains(state.waiting[index].part) {
        state.waiting.remove(at: index).continuation.resume()
      }
    }
  }

  /// Returns when a statement that holds the text was taken, now or before. Throws where the task is cancelled.
  package func heard(_ part: String) async throws {
    let number = state.withLock { state in
      state.count += 1
      return state.count
    }
    await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        state.withLock { state in
          if Task.isCancelled || state.taken.contains(where: { $0.contains(part) }) {
            continuation.resume()
          } else {
            state.waiting.append((number, part, continuation))
          }
        }
      }
    } onCancel: {
      state.withLock { state in
        guard let index = state.waiting.firstIndex(where: { $0.number == number }) else { return }
        state.waiting.remove(at: index).continuation.resume()
      }
    }
    try Task.checkCancellation()
  }
}
