import DriftCore

/// For services where a claim is a table of the attempt's name, which one process can create.
extension StatementService {
  /// - Parameter create: runs the statement, once.
  func claim(_ attempt: Attempt, creating create: () async throws -> Void) async throws -> Bool {
    do {
      try await create()
      // Whoever was held up since it looked may have claimed an old number.
      if try await attempts(at: attempt.step).last?.number == attempt.number { return true }
      try await clear(attempt)
      return false
    } catch let error as ServiceError where error.kind == .exists {
      return false
    } catch let error as ServiceError where error.kind == .outcomeUnknown {
      // Somebody may have it, and it may be this process: nobody uses it, and after its time it is passed over.
      return false
    }
  }

  /// Makes the ledger's schema or table; where a right is missing, the error says which grant gives it.
  func needing(_ grant: String, _ body: () async throws -> Void) async throws {
    do {
      try await body()
    } catch let error as ServiceError where error.kind == .exists {
      // Two that make it at once, in spite of IF NOT EXISTS.
    } catch var error as ServiceError where error.kind == .forbidden || error.kind == .missing {
      error.hint = "have an administrator \(grant)"
      throw error
    }
  }
}

extension Attempt {
  /// The attempts at a step whose claims are there, the youngest last.
  ///
  /// - Parameter claims: names of tables, and how long they have been there.
  static func claimed(_ claims: [(name: String?, age: Duration?)], at step: StepID, prefix: String) -> [Attempt] {
    claims.compactMap { name, age in
      guard let name, let age, name.hasPrefix(prefix), let number = Int(name.dropFirst(prefix.count)) else {
        return nil
      }
      return Attempt(step: step, number: number, age: age)
    }.sorted { $0.number < $1.number }
  }
}

extension ServiceLedger {
  /// The columns of its table as CREATE TABLE has them.
  static func definitions(
    _ dialect: Dialect, integer: String, moment: String, text: (String) -> String
  ) throws -> String {
    try (columns + ["written_at"]).map { column in
      let type =
        switch column {
        case "change_number", "step", "part": integer
        case "written_at": moment
        default: text(column)
        }
      return "\(try dialect.quote(dialect.folded(column))) \(type) NOT NULL"
    }.joined(separator: ", ")
  }
}
