import JSON

/// The rows that have come so far, each chunk held against what the manifest announces.
struct DatabricksResult {
  /// In lower case.
  var columns: [String]
  var count: Int
  var rows: [[String?]] = []
  /// Rows of each chunk, where the manifest says.
  private var chunks: [Int: Int] = [:]

  init(_ manifest: JSONValue) throws(ServiceError) {
    guard let schema = manifest["schema"] else {
      throw ServiceError(.unreadable, "the answer does not say what its rows are")
    }
    if manifest["truncated"]?.bool == true {
      throw ServiceError(.incomplete, "Databricks cut the result off")
    }
    let described = schema["columns"]?.array ?? []
    columns = described.compactMap { $0["name"]?.string?.lowercased() }
    guard columns.count == described.count else {
      throw ServiceError(.unreadable, "a column of the result has no name")
    }
    // What is zero may be left out.
    count = manifest["total_row_count"]?.int ?? 0
    for chunk in manifest["chunks"]?.array ?? [] {
      chunks[chunk["chunk_index"]?.int ?? 0] = chunk["row_count"]?.int ?? 0
    }
  }

  /// The number of the next chunk; nil after the last.
  mutating func append(_ chunk: JSONValue, index: Int) throws(ServiceError) -> Int? {
    let data = chunk["data_array"]?.array ?? []
    guard data.count == chunk["row_count"]?.int ?? 0, data.count == chunks[index] ?? data.count,
      chunk["chunk_index"]?.int ?? 0 == index, chunk["row_offset"]?.int ?? 0 == rows.count
    else { throw ServiceError(.incomplete, "chunk \(index) has \(data.count) rows, not those announced") }
    for element in data {
      guard let values = element.array, values.count == columns.count,
        values.allSatisfy({ $0.isNull || $0.string != nil })
      else { throw ServiceError(.unreadable, "a row is not in the form announced") }
      rows.append(values.map(\.string))
    }
    return chunk["next_chunk_index"]?.int
  }

  /// What the statement selected; none where Databricks only says how many rows it touched.
  var selected: [[String?]] { columns.first?.hasPrefix("num_affected_rows") == true ? [] : rows }
}
