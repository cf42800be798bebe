import DriftCore
import TestSupport
import Testing

/// The tables of a schema that comes in more than twenty pages, each of which has to be handed on before the next is asked for.
///
/// - Parameter requests: how many the service has taken.
func streamedCatalogue(
  of schema: String, from warehouse: any Warehouse, requests: @escaping @Sendable () -> Int
) async throws -> [CatalogueTable] {
  let found = Collected<CatalogueTable>()
  let counts = Collected<Int>()
  try await warehouse.catalogue(of: [schema]) { table in
    found.append(table)
    counts.append(requests())
  }
  #expect(counts.values == counts.values.sorted())
  #expect(Set(counts.values).count > 20, "tables come while pages do")
  return found.values
}
