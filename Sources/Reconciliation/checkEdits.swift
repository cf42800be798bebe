import Cryptography
import DriftCore

extension Reconciler {
  /// Reads the open branches that people have written on, and tells below the pull request, beside the tip and in the
  /// report what the edits mean and whether their merge will be applied.
  ///
  /// Nothing of such a branch is changed. What was told before is not told again; what a forge does not let us tell is a
  /// warning.
  func checkEdits(_ open: OpenWork, work: Work, report: inout RunReport) async throws -> [PerformedAction] {
    var told: [PerformedAction] = []
    for (name, pullRequest) in open.pullRequests.sorted(by: { $0.key < $1.key }) {
      guard let branch = open.branches[name], !branch.isOurs, !open.merged.contains(name), let base = branch.base
      else { continue }
      let isTakenBack = try await warning(of: &report) { try await takeBackAutoMerge(pullRequest) } ?? false
      progress("checking the edits on \(name)")
      let checked = try await check(branch, from: base, work: work)
      let text = editsComment(checked, base: "\(project.branch) (\(base.text.prefix(7)))", moved: open.theirs[name])
      let key = "told/check/\(name)"
      let digest = sha256Hex("\(branch.tip)\n\(text)")
      if try await cache.value(for: key) == digest { continue }
      do {
        if !project.forge.isLocal {
          try await beforeAct("tell of the edits on \(name)")
          let isThere = try await forge.set(editsStatus(checked), on: branch.tip) == .set
          try await forge.comment(on: pullRequest.id, .check, text)
          // A forge that does not have the commit yet is told again.
          if isThere { try await cache.set(digest, for: key) }
        } else {
          try await cache.set(digest, for: key)
        }
      } catch is CancellationError {
        throw CancellationError()
      } catch {
        report.warnings.append("\(error)")
      }
      told.append(
        PerformedAction(
          kind: .left, branch: name,
          text:
            "people have edited it\(isTakenBack ? "; the forge no longer merges it by itself" : ""). \(checked.headline)",
          location: pullRequest.location))
    }
    return told
  }

  /// Of the repository only the folders and files that the branch touches are read, and of these what is Mooring's.
  private func check(_ branch: Branch, from base: CommitID, work: Work) async throws -> CheckReport {
    let places = work.places(of: branch)
    let started = try await repository.tree(of: base).files
    var edited = started
    for (path, blob) in branch.changes { edited[path] = blob }
    let states = [started, edited, work.tree.files].map { files in
      files.filter { path, _ in
        ContractState.reads(path)
          && (places.contains { path == $0 || path.hasPrefix($0 + "/") } || path == "\(root)/mooring.yaml")
      }
    }
    let bytes = try await repository.blobs(Set(states.flatMap(\.values)).sorted { $0.text < $1.text })
    let read = states.map { ContractState(root: root, files: $0.compactMapValues { bytes[$0] }) }
    return DriftCore.check(from: read[0], to: read[1], tip: read[2], project: project, lint: lint(read[1].files))
  }
}

/// What is told below a pull request whose branch people have written on.
///
/// - Parameter moved: that the drift is no longer what the branch answers, in words; nil where it is.
func editsComment(_ checked: CheckReport, base: String, moved: String?) -> Markdown {
  var text: Markdown = "People have edited this branch, so Mooring leaves it as it is.\n\n"
  if let moved { text += "**\(moved).**\n\n" }
  text += checked.comment(base: base)
  return text
    + "\nTo give the branch back to Mooring, tick its box on the dashboard: the edits are then in no proposal, and stay as a branch under \(code: keptBranchPrefix). Or close this pull request and delete the branch.\n"
}

/// Waiting for a name is no failure: the merge is right, and apply waits.
func editsStatus(_ checked: CheckReport) -> CommitStatus {
  let state: CommitStatus.State =
    switch checked.answer {
    case .applies, .nothing: .success
    case .waits: .pending
    case .refused: .failure
    }
  return CommitStatus(context: CommitStatus.check, state: state, text: checked.headline)
}
