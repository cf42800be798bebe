/// Who merges by itself what its own rules allow. Mooring merges nothing.
package protocol AutoMerger: Sendable {
  /// Asks the forge to merge an open pull request by itself, at this head, once its own rules allow it. Where it has
  /// nothing to wait for and would merge at once, it is not asked.
  func mergeWhenAllowed(_ id: String, at head: CommitID) async throws -> AutoMerge
  /// Takes that back: people merge it, or nobody does. Does nothing where the forge would not merge it by itself any more.
  func leaveToPeople(_ id: String) async throws
}
