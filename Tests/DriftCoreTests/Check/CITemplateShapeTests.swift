import Foundation
import Testing

@testable import DriftCore

/// The files that wrap `mooring check` have the keys that the runners read, and nothing that would let a pull request in.
struct CITemplateShapeTests {
  @Test func theActionIsACompositeThatRunsOneScript() throws {
    let action = try read("fixtures/ci/check-action/action.yml")
    #expect(action["name"]?.text == "mooring check")
    #expect(action["runs"]?["using"]?.text == "composite")
    let steps = try #require(action["runs"]?["steps"]?.items)
    #expect(steps.count == 1)
    #expect(steps[0]["shell"]?.text == "bash", "a composite's step must name its shell")
    #expect(steps[0]["run"]?.text?.contains("${{") == false, "an expression in a script is an injection")
    #expect(FileManager.default.isExecutableFile(atPath: "\(root)/fixtures/ci/check-action/check.sh"))
    let inputs = Set(action["inputs"]?.entries?.map(\.name) ?? [])
    for entry in steps[0]["env"]?.entries ?? [] {
      let text = try #require(entry.value.text)
      #expect(inputs.contains { text == "${{ inputs.\($0) }}" }, "\(entry.name)")
    }
  }

  @Test func theTemplateIsAJobOnMergeRequestsWithAReport() throws {
    let job = try #require(try read("fixtures/ci/gitlab-check.yml")["mooring-check"])
    #expect(job["rules"]?.items?.first?["if"]?.text == #"$CI_PIPELINE_SOURCE == "merge_request_event""#)
    #expect(job["variables"]?["GIT_DEPTH"]?.text == "0")
    #expect(job["artifacts"]?["when"]?.text == "always", "the report is wanted most where the job fails")
    #expect(job["artifacts"]?["reports"]?["codequality"]?.text == "gl-code-quality-report.json")
    #expect(job["script"]?.items?.count == 1)
  }

  @Test func theWorkflowOfTheManualAsksForNoMoreThanItNeeds() throws {
    let manual = try String(contentsOfFile: "\(root)/docs/check.md", encoding: .utf8)
    let block = try #require(
      manual.components(separatedBy: "```yaml\n").dropFirst().first?.components(separatedBy: "```").first)
    let workflow = try #require(
      readYAML(Array(block.replacingOccurrences(of: "\non:", with: "\n\"on\":").utf8), path: "check.md").root)
    #expect(workflow["on"]?.text == "pull_request", "pull_request_target would run with rights on code of strangers")
    #expect(workflow["permissions"]?.entries?.map(\.name) == ["contents", "pull-requests"])
    let steps = try #require(workflow["jobs"]?["check"]?["steps"]?.items)
    #expect(steps.first?["with"]?["fetch-depth"]?.text == "0")
    #expect(steps.first?["with"]?["persist-credentials"]?.text == "false")
    for step in steps {
      guard let uses = step["uses"]?.text else { continue }
      let pin = try #require(uses.split(separator: "@").last)
      #expect(pin == "COMMIT" || (pin.count == 40 && pin.allSatisfy(\.isHexDigit)), "\(uses) is not pinned")
    }
  }

  @Test func theLintJobsOfTheManualAskForNothing() throws {
    let manual = try String(contentsOfFile: "\(root)/docs/contracts.md", encoding: .utf8)
    let blocks = manual.components(separatedBy: "```yaml\n").dropFirst().compactMap {
      $0.components(separatedBy: "```").first
    }
    let jobs = try blocks.map { block in
      try #require(readYAML(Array(block.replacingOccurrences(of: "\non:", with: "\n\"on\":").utf8), path: "m").root)
    }
    #expect(jobs.count == 2)
    #expect(jobs[0]["on"]?.text == "pull_request")
    #expect(jobs[0]["permissions"]?.entries?.map(\.name) == ["contents"])
    #expect(jobs[0]["jobs"]?["lint"]?["steps"]?.items?.last?["run"]?.text == "mooring lint --format github")
    #expect(jobs[1]["contracts-lint"]?["artifacts"]?["reports"]?["codequality"]?.text == "gl-code-quality-report.json")
  }

  private func read(_ path: String) throws -> YAMLNode {
    let (node, problems) = readYAML(Array(try Data(contentsOf: URL(fileURLWithPath: "\(root)/\(path)"))), path: path)
    #expect(problems.isEmpty)
    return try #require(node)
  }
}

private let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
  .deletingLastPathComponent().deletingLastPathComponent().path
