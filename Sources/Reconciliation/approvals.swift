package import DriftCore

/// Who said yes to the changes that wait, as the protected branch, its signatures and the forge have it.
struct Approvals: Sendable {
  let project: Project
  let repository: any ContractRepository & ProtectedHistory
  let forge: any Forge
  /// Asked of every connection, whatever `mooring.yaml` says.
  let floor: ApprovalDemand
  private let tree: RepositoryTree
  private let projectFile: String
  private let landings: [String: Landing]
  /// `mooring.yaml` as it was before a landing, by its blob; nil where it cannot be read.
  private var projects: [BlobID: Project?] = [:]
  /// What the forge said of a landing.
  private var pullRequests: [CommitID: MergedPullRequest?] = [:]

  /// One walk finds the landings of all folders.
  init(of folders: [ChangeFolder], in tree: RepositoryTree, for reconciler: Reconciler) async throws {
    project = reconciler.project
    repository = reconciler.repository
    forge = reconciler.forge
    floor = reconciler.approvalFloor
    projectFile = "\(reconciler.root)/mooring.yaml"
    self.tree = tree
    let repository = repository
    landings =
      folders.isEmpty
      ? [:]
      : try await during("looking for the commits that landed changes") {
        try await repository.landings(of: folders.map(\.path), at: tree.commit)
      }
  }

  /// The approval of one change. What it takes is what `mooring.yaml` asks for now, what it asked for before the landing
  /// (a change does not loosen the rule that it is held against), and the floor.
  mutating func approval(of open: Reconciler.OpenFolder) async throws -> Approval {
    let connection = open.connection
    let landing = landings[open.folder.path]
    var demand = project.demand(on: connection).union(floor)
    if let landing { demand = demand.union(try await demandBefore(landing, on: connection)) }
    var evidence = ApprovalEvidence(landing: landing)
    if let landing, demand.signature {
      evidence.signer = try await repository.signer(of: landing.commit)
    }
    if let landing, demand.reviews > 0, let pullRequest = try await pullRequest(of: landing) {
      evidence.pullRequest = pullRequest
      evidence.isAsReviewed = try await repository.isSame(open.folder.path, in: pullRequest.head, as: landing.commit)
    }
    return DriftCore.approval(demand: demand, evidence: evidence)
  }

  func landing(of open: Reconciler.OpenFolder) -> Landing? { landings[open.folder.path] }

  private mutating func demandBefore(
    _ landing: Landing, on connection: ConnectionName
  ) async throws -> ApprovalDemand {
    guard let parent = landing.parent else { return .merge }
    if try await repository.isSame(projectFile, in: parent, as: tree.commit) == true { return .merge }
    let before = try await repository.tree(of: parent)
    guard let blob = before.files[projectFile], blob != tree.files[projectFile] else { return .merge }
    if projects[blob] == nil {
      let bytes = try await repository.blobs([blob])[blob] ?? []
      projects[blob] = .some(parseProject(bytes, path: projectFile).0)
    }
    return (projects[blob] ?? nil)?.demand(on: connection) ?? .merge
  }

  /// What brought one landing, whoever opened it; nil where the forge knows of none.
  mutating func pullRequest(of landing: Landing) async throws -> MergedPullRequest? {
    if let known = pullRequests[landing.commit] { return known }
    let (forge, base) = (forge, project.branch)
    let found = try await during("reading the reviews of \(landing.commit.short)") {
      try await forge.merged(landing.commit, into: base)
    }
    pullRequests[landing.commit] = .some(found)
    return found
  }
}

extension Reconciler {
  /// Merged changes that wait for somebody's approval. Looks, and writes nothing.
  package func unapproved(on tree: RepositoryTree? = nil) async throws -> [AppliedChange] {
    let tree = try await fetched(tree)
    let ledgers = try await ledgers(for: Array(project.connections.values))
    let folders = try await unfinishedFolders(in: tree, ledgers: ledgers, only: Set(project.connections.keys))
    var approvals = try await Approvals(of: folders.map(\.folder), in: tree, for: self)
    var unapproved: [AppliedChange] = []
    for folder in folders {
      let approval = try await approvals.approval(of: folder)
      guard case .missing(let reason, let wayOut) = approval else { continue }
      unapproved.append(AppliedChange(of: folder, outcome: .unapproved(reason, wayOut: wayOut)))
    }
    return unapproved
  }
}
