import JSON

/// How far a result has been read, each chunk held against what the manifest announces.
struct DatabricksResult {
  /// In lower case.
  var columns: [String]
  var count: Int
  /// Rows that have come.
  private(set) var read = 0
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

  /// The chunk's rows, and the number of the next; nil after the last.
  mutating func rows(of chunk: JSONValue, index: Int) throws(ServiceError) -> (rows: [[String?]], next: Int?) {
    let data = chunk["data_array"]?.array ?? []
    guard data.count == chunk["row_count"]?.int ?? 0, data.count == chunks[index] ?? data.count,
      chunk["chunk_index"]?.int ?? 0 == index, chunk["row_offset"]?.int ?? 0 == read
    else { throw ServiceError(.incomplete, "chunk \(index) has \(data.count) rows, not those announced") }
    read += data.count
    return (try textRows(data, width: columns.count), chunk["next_chunk_index"]?.int)
  }

  /// Databricks only says how many rows the statement touched.
  var isReport: Bool { columns.first?.hasPrefix("num_affected_rows") == true }
}
