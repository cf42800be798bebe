import DriftCore

/// A cache that ends with the process: for one run that keeps nothing.
package actor MemoryCache: Cache {
  private var values: [String: String] = [:]

  package init() {}

  package func value(for key: String) async throws -> String? { values[key] }

  package func set(_ value: String, for key: String) async throws { values[key] = value }
}
