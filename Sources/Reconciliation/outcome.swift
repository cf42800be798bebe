/// What became of work. Its end from outside is no outcome and passes through.
package func outcome<Value: Sendable>(
  of work: () async throws -> Value
) async throws -> Result<Value, any Error> {
  do {
    return .success(try await work())
  } catch is CancellationError {
    throw CancellationError()
  } catch {
    return .failure(error)
  }
}
