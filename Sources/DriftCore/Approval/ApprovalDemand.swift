/// What the approval of a merged change takes.
package struct ApprovalDemand: Hashable, Sendable {
  /// The landing commit is signed by an allowed signer.
  package var signature: Bool
  /// So many people have approved the merged head on the forge.
  package var reviews: Int

  package init(signature: Bool = false, reviews: Int = 0) {
    self.signature = signature
    self.reviews = reviews
  }

  /// Being on the protected branch is enough.
  package static let merge = ApprovalDemand()

  /// What both ask for.
  package func union(_ other: Self) -> Self {
    Self(signature: signature || other.signature, reviews: max(reviews, other.reviews))
  }
}

extension ConnectionPolicy {
  package var demand: ApprovalDemand {
    switch approval {
    case .merge: .merge
    case .signature: ApprovalDemand(signature: true)
    case .forge: ApprovalDemand(reviews: reviews)
    }
  }
}

extension Project {
  /// What a landing takes that found this project on the protected branch. A connection that it does not have is judged
  /// by the strictest that it has: a new name is no way around.
  package func demand(on connection: ConnectionName) -> ApprovalDemand {
    if let policy = connections[connection] { return policy.demand }
    return connections.values.reduce(.merge) { $0.union($1.demand) }
  }
}
