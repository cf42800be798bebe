import CGit2
import DriftCore
import Glibc

/// A remote on a git host. `mooring-git` speaks to it, and keeps a copy of its branches beside the clone, whose objects
/// the clone shares as it shares those of a local remote.
final class HostedRemote {
  let address: RemoteAddress
  /// The copy: a bare repository with the protected branch and ours.
  let mirror: String
  private let branch: String
  private let access: RemoteAccess
  private let program: TransportProgram

  /// `clone` is the folder of the clone, where the copy is made if it is not there.
  init(
    _ address: RemoteAddress, branch: String, access: RemoteAccess, clone: String, _ activity: Activity
  ) throws(GitError) {
    self.address = address
    self.branch = branch
    self.access = access
    mirror = Self.mirror(in: clone)
    let home = "\(clone)/home"
    program = TransportProgram(
      path: access.program ?? TransportProgram.besideThisOne(), environment: Self.environment(home: home))
    if case .ssh = address, access.proxy != nil {
      throw activity.error(
        .proxy, "a proxy is set, and ssh goes through none",
        wayOut: "write the address with https://, or unset MOORING_GIT_PROXY")
    }
    try makeFolder(mirror, activity)
    try checkOwner(of: mirror, activity)
    if Glibc.access("\(mirror)/config", F_OK) != 0 { try Clone.make(mirror, of: address.text, objects: nil, activity) }
    if case .ssh = address { try makeHome(home, activity) }
  }

  static func mirror(in clone: String) -> String { "\(clone)/mirror" }

  /// How much longer than another call the first fetch may take, which brings everything.
  private static let firstFetch = 10

  /// Asks the remote for its branches, and brings those that were looked for.
  func fetch(_ activity: Activity) throws -> RemoteBranches {
    var deadline = access.deadline
    if folderEntries("\(mirror)/objects/pack").isEmpty {
      // A server that says nothing is found out first.
      _ = try tips(activity)
      deadline *= Self.firstFetch
    }
    guard case .branches(let tips, let others) = try ask(.fetch, in: mirror, within: deadline, activity) else {
      throw unexpected(activity)
    }
    return RemoteBranches(tips: try tips.mapValues { try id($0, activity) }, others: others)
  }

  /// Moves branches of the remote, and of the copy with them, so that the next fetch has nothing to bring; the commits are
  /// in the copy.
  func push(_ updates: [RefUpdate], _ activity: Activity) throws -> [RefOutcome] {
    let outcomes: [RefOutcome]
    do {
      guard case .outcomes(let answer) = try ask(.push(updates), in: mirror, within: access.deadline, activity),
        answer.count == updates.count
      else { throw unexpected(activity) }
      outcomes = answer
    } catch let error as GitError where error.isUnknownOutcome {
      return try lookAfter(updates, error, activity)
    }
    guard outcomes.contains(where: \.isRefused), let tips = try? tips(activity) else { return outcomes }
    // A branch that moved while we pushed is refused in words that differ from host to host.
    return zip(updates, outcomes).map { update, outcome in
      guard outcome.isRefused else { return outcome }
      let found = tips[update.branch]
      return found == update.expected ? outcome : found == update.target ? .updated : .leaseLost(found: found)
    }
  }

  /// The updates may have arrived: the remote is asked where its branches are. Throws `error` where none moved.
  private func lookAfter(
    _ updates: [RefUpdate], _ error: GitError, _ activity: Activity
  ) throws -> [RefOutcome] {
    guard let tips = try? tips(activity) else {
      var error = error
      error.finding += "; whether branches moved is not known"
      throw error
    }
    let outcomes = updates.map { update -> RefOutcome in
      let found = tips[update.branch]
      if found == update.target { return .updated }
      return found == update.expected ? .refused(error.finding) : .leaseLost(found: found)
    }
    if outcomes.allSatisfy(\.isRefused) { throw error }
    return outcomes
  }

  private func tips(_ activity: Activity) throws -> [String: CommitID] {
    guard case .branches(let tips, _) = try ask(.list, in: mirror, within: access.deadline, activity) else {
      throw unexpected(activity)
    }
    return tips
  }

  // MARK: - The program

  private static let reinstall = "install mooring and mooring-git of the same version beside each other"

  private func ask(
    _ work: TransportRequest.Work, in folder: String, within deadline: Duration, _ activity: Activity
  ) throws -> TransportAnswer {
    var access = access
    access.deadline = deadline
    let request = TransportRequest(work, folder: folder, url: address.text, branch: branch, access: access)
    let isPush = if case .push = work { true } else { false }
    let line: [UInt8]
    do {
      line = try program.run(request.line, deadline: deadline)
    } catch {
      // It was killed, or it died: its files are half written, and the lock is ours.
      Clone.sweep(folder)
      guard let ending = error as? TransportProgram.Ending else { throw error }
      throw self.error(for: ending, within: deadline, isPush: isPush, activity)
    }
    switch TransportAnswer(line: line) {
    case nil: throw unexpected(activity)
    case .failure(let failure): throw error(for: failure, activity)
    case .some(let answer): return answer
    }
  }

  private func unexpected(_ activity: Activity) -> GitError {
    activity.error(.transport, "mooring-git answered something else", wayOut: Self.reinstall)
  }

  private func error(
    for ending: TransportProgram.Ending, within deadline: Duration, isPush: Bool, _ activity: Activity
  ) -> GitError {
    var error: GitError
    switch ending {
    case .deadline:
      error = activity.error(
        .deadline, "no answer within \(deadline)",
        wayOut: "look whether the host is up; what was not done is tried again next time")
    case .crashed(let status):
      error = activity.error(
        .transport, "mooring-git ended without an answer (wait status \(status))", wayOut: Self.reinstall)
    case .missing(let number):
      return activity.error(
        .transport, "\(program.path): \(String(cString: strerror(number)))", wayOut: Self.reinstall)
    case .answerTooLong:
      error = activity.error(.transport, "mooring-git's answer is too long", wayOut: "delete old branches")
    }
    error.isUnknownOutcome = isPush
    return error
  }

  private func error(for failure: TransportFailure, _ activity: Activity) -> GitError {
    var error = gitError(for: failure, access: access, activity)
    error.isUnknownOutcome = failure.isSent
    return error
  }

  private func id(_ commit: CommitID, _ activity: Activity) throws(GitError) -> git_oid {
    guard let id = git_oid(hexadecimal: commit.text) else {
      throw activity.error(.missingObject, "\"\(commit)\" is no commit id")
    }
    return id
  }

  /// What the program finds in its environment: nothing of ours but where shared libraries are.
  private static func environment(home: String) -> [String] {
    var variables = ["HOME=\(home)", "LC_ALL=C.UTF-8", "SWIFT_BACKTRACE=enable=no"]
    if let libraries = getenv("LD_LIBRARY_PATH") {
      variables.append("LD_LIBRARY_PATH=\(String(cString: libraries))")
    }
    return variables
  }

  /// libgit2 knows the hosts in `.ssh/known_hosts` of the home folder, and no other file.
  private func makeHome(_ home: String, _ activity: Activity) throws(GitError) {
    guard let key = access.key else {
      throw activity.error(
        .unauthorized, "no key is set, and ssh signs in with one",
        wayOut: "give one with --ssh-key, and the hosts that it may be shown to with --known-hosts")
    }
    if Glibc.access(key.knownHosts, R_OK) != 0 { throw activity.system(key.knownHosts) }
    try makeFolder(home, activity)
    try makeFolder("\(home)/.ssh", activity)
    let link = "\(home)/.ssh/known_hosts"
    unlink(link)
    if symlink(key.knownHosts, link) != 0 { throw activity.system(link) }
  }
}

extension RefOutcome {
  fileprivate var isRefused: Bool {
    if case .refused = self { true } else { false }
  }
}
