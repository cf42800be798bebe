import CGit2
import DriftCore
import Git
import Glibc

extension Exchange {
  /// Moves the branches that are still where their update expects them. The remote compares once more, with what it
  /// announced on this connection.
  func push(_ updates: [RefUpdate]) throws(TransportFailure) -> TransportAnswer {
    let tips = try connect(GIT_DIRECTION_PUSH)
    let known = updates.map { update -> RefOutcome? in
      let found = tips["refs/heads/\(update.branch)"].map { CommitID($0.hexadecimal) }
      // A push whose answer was lost has done its work.
      if found == update.target { return .updated }
      return found == update.expected ? nil : .leaseLost(found: found)
    }
    let pending = zip(updates, known).filter { $0.1 == nil }.map(\.0)
    if !pending.isEmpty { try send(pending) }
    let outcomes = zip(updates, known).map { $1 ?? outcome(of: $0) }
    for (update, outcome) in zip(updates, outcomes) where outcome == .updated { remember(update) }
    return .outcomes(outcomes)
  }

  /// Keeps the branch where the remote has it now. Where that does not go well, the next fetch does it.
  private func remember(_ update: RefUpdate) {
    let name = "refs/heads/\(update.branch)"
    guard let target = update.target else {
      git_reference_remove(repository, name)
      return
    }
    guard var id = git_oid(hexadecimal: target.text) else { return }
    var reference: OpaquePointer?
    git_reference_create(&reference, repository, name, &id, 1, "mooring: push")
    git_reference_free(reference)
  }

  /// The last word before anything is sent: libgit2 pushes from where the leases say, or not at all.
  func confirm(_ updates: [git_push_update]) -> Int32 {
    for update in updates {
      let name = update.dst_refname.map { String(cString: $0) } ?? ""
      guard let lease = leases[name], lease == update.src.hexadecimal else {
        failure = TransportFailure(.library, "\(name) is not where it was announced")
        return GIT_EUSER.rawValue
      }
    }
    isSent = true
    return 0
  }

  private var leases: [String: String] {
    guard case .push(let updates) = request.work else { return [:] }
    let none = String(repeating: "0", count: 40)
    return Dictionary(
      updates.map { ("refs/heads/\($0.branch)", $0.expected?.text ?? none) }, uniquingKeysWith: { first, _ in first })
  }

  private func send(_ updates: [RefUpdate]) throws(TransportFailure) {
    var specifications: [String] = []
    var sources: [String] = []
    defer { for source in sources { git_reference_remove(repository, source) } }
    for (number, update) in updates.enumerated() {
      guard let target = update.target else {
        specifications.append(":refs/heads/\(update.branch)")
        continue
      }
      // The source of a push is a reference: libgit2 takes no bare id.
      let source = "\(pushedReferences)/\(number)"
      guard var id = git_oid(hexadecimal: target.text) else {
        throw TransportFailure(.request, "\"\(target)\" is no commit id")
      }
      var reference: OpaquePointer?
      try check(git_reference_create(&reference, repository, source, &id, 1, nil))
      git_reference_free(reference)
      sources.append(source)
      specifications.append("+\(source):refs/heads/\(update.branch)")
    }
    var options = git_push_options()
    try check(git_push_options_init(&options, UInt32(GIT_PUSH_OPTIONS_VERSION)))
    options.callbacks = callbacks
    options.follow_redirects = Self.redirects
    options.pb_parallelism = 1
    try specifications.withStrings { list throws(TransportFailure) in
      try perform { git_remote_upload(remote, list, &options) }
    }
  }

  /// libgit2 says that a push went well even where the server refused every branch.
  private func outcome(of update: RefUpdate) -> RefOutcome {
    guard let status = statuses["refs/heads/\(update.branch)"] else {
      return .refused("the remote said nothing about the branch")
    }
    guard let status else { return .updated }
    let remark = printable(String(decoding: remarks, as: UTF8.self))
    return .refused(remark.isEmpty ? printable(status) : "\(printable(status)): \(remark)")
  }
}

extension [String] {
  /// Lends the texts to C.
  func withStrings<Failure: Error>(
    _ body: (UnsafePointer<git_strarray>) throws(Failure) -> Void
  ) throws(Failure) {
    var copies = map { strdup($0) }
    defer { for copy in copies { free(copy) } }
    var list = git_strarray()
    let count = count
    let pointer = UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>.allocate(capacity: count)
    defer { pointer.deallocate() }
    pointer.initialize(from: &copies, count: count)
    list.strings = pointer
    list.count = count
    try body(&list)
  }
}
