/// What is wrong with a document, and where. Holds nothing of the document itself.
package struct JSONError: Error, Hashable, Sendable, CustomStringConvertible {
  /// Of the first byte that does not fit; the length of the document where it ends too soon.
  package var offset: Int
  package var problem: String

  package init(offset: Int, problem: String) {
    self.offset = offset
    self.problem = problem
  }

  package var description: String { "JSON, byte \(offset): \(problem)" }
}

/// What a document may cost its reader.
package struct JSONLimits: Hashable, Sendable {
  /// Objects and arrays that may be open at once.
  package var depth: Int
  /// Bytes of one string or key as it is spelled, quotes excluded.
  package var stringSize: Int

  package init(depth: Int = 64, stringSize: Int = 1 << 20) {
    self.depth = depth
    self.stringSize = stringSize
  }

  package static let standard = JSONLimits()

  /// Whether one more may be opened inside of as many.
  func checkDepth(_ open: Int, at offset: Int) throws(JSONError) {
    guard open < depth else {
      throw JSONError(
        offset: offset, problem: "objects and arrays are nested more than \(depth) deep")
    }
  }
}
