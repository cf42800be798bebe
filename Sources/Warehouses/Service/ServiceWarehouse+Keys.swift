package import DriftCore

extension ServiceWarehouse {
  package func hasSharedKeys(_ key: TableKey) async throws -> Bool {
    try await naming("counting the keys of \(key)", service.place) {
      let rows = try await service.rows(of: "\(sql: service.dialect.sharedKeyCount(key))")
      guard rows.count == 1, let count = rows[0].first ?? nil, let count = Int(count) else {
        throw ServiceError(.incomplete, "the answer is no number")
      }
      return count > 0
    }
  }
}
