import ArgumentParser
import DriftCore
import JSON

struct Check: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract:
      "Say what a branch's edits mean and whether its merge will be applied; nothing outside the files is asked.",
    discussion: """
      Compares the work tree, as it stands, with where the branch began. Exit 0: what is merged will be applied; 2: it will \
      not, as it is, or it waits for an acknowledgement; 1: could not tell.
      """)

  @OptionGroup var place: WorkTreeOptions
  @Flag(help: "Print JSON.")
  var json = false
  @Flag(help: "Print the comment for the pull request.")
  var markdown = false
  @Option(help: "Print findings for a CI system: github (annotations) or gitlab (a Code Quality report).")
  var format: Format?

  enum Format: String, ExpressibleByArgument, CaseIterable {
    case github, gitlab
  }

  func validate() throws {
    if [json, markdown, format != nil].count(where: { $0 }) > 1 {
      throw ValidationError("choose one of --json, --markdown and --format")
    }
  }

  func run() throws {
    let checkedOut = try CheckedOut(place)
    let edited = checkedOut.edited
    let findings = lint(edited.files)
    var report: CheckReport
    if let project = try checkedOut.project() {
      report = check(
        from: checkedOut.base, to: edited, tip: checkedOut.tip, project: project, lint: findings)
    } else {
      report = CheckReport(tables: [], problems: findings.sorted(), notes: [])
    }
    let text: String =
      switch (format, json, markdown) {
      case (.github, _, _): annotations(report.problems, title: "mooring check", headline: report.headline)
      case (.gitlab, _, _): codeQuality(report.problems).prettyText + "\n"
      case (nil, true, _): report.json(base: checkedOut.baseName).prettyText + "\n"
      // The first line is how the next check finds its comment again.
      case (nil, _, true): "<!-- mooring:check -->\n\(report.comment(base: checkedOut.baseName))"
      default: checkText(report, base: checkedOut.baseName, on: Console())
      }
    FileHandleOutput.standardOutput(text)
    if report.answer == .refused || report.answer == .waits { throw ExitCode(2) }
  }
}
