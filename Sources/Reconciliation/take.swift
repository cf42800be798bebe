import DriftCore

extension Reconciler {
  /// Asks for the lease of a target; one whose holder is seen to have ended is taken over.
  func take(_ target: TableName, in warehouse: any Leases) async throws -> LeaseAnswer {
    try await beforeAct("take \(target)")
    let answer = try await warehouse.take(target, as: holder.name, over: nil)
    guard case .held(let other, _, let token) = answer, holder.hasEnded(other) else { return answer }
    return try await warehouse.take(target, as: holder.name, over: token)
  }
}
