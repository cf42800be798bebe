/// What a comment of Mooring's is for. A pull request has at most one for each purpose, edited in place.
package enum CommentPurpose: String, Hashable, Sendable, CaseIterable {
  /// Why Mooring closed it.
  case closed
  /// What apply did of it.
  case applied
  /// Whether a merge would apply.
  case check
}
