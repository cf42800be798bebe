import ArgumentParser
import DriftCore
import FoundationEssentials
import JSON

struct EvalRenames: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "renames",
    abstract: "Tell the changes of every case of a corpus, and score the renames against its labels.",
    discussion:
      "The labels are read for the score alone; a case without any is told all the same. docs/renames.md says what the figures mean."
  )

  @Option(help: "Cases, one JSON object a line.")
  var corpus: String
  @Option(help: "Where the predictions go, one JSON object a line.")
  var predictions: String?
  @Flag(help: "Take the order of the columns as evidence: it is the source's own.")
  var sourceOrder = false
  @Flag(help: "Also print the score of each system.")
  var bySystem = false
  @Flag(help: "Print JSON.")
  var json = false

  func run() throws {
    guard let bytes = fileBytes(corpus) else {
      throw UsageError("\(corpus): cannot be read", hint: "give the path of a corpus, one JSON object a line")
    }
    let cases: [(seen: SchemaCase, known: CaseTruth?)]
    do {
      cases = try readCases(bytes)
    } catch {
      throw UsageError("\(corpus): \(error)", hint: "the form is described in docs/renames.md")
    }
    let answers = cases.map { predictedChanges(of: $0.seen, usesSourceOrder: sourceOrder) }
    if let predictions {
      try write(zip(cases, answers).map { predictionLine(id: $0.seen.id, $1) }.joined(), to: predictions)
    }
    let judged = zip(cases, answers).compactMap { told, answer in told.known.map { (known: $0, predicted: answer) } }
    let unlabelled = cases.count - judged.count
    if unlabelled > 0 {
      FileHandleOutput.standardError("\(counted(unlabelled, "case")) without labels: told, and left out of the score\n")
    }
    let systems = bySystem ? Set(judged.map(\.known.system)).sorted() : []
    let scores =
      [("all", score(judged))]
      + systems.map { system in
        (system, score(judged.filter { $0.known.system == system }))
      }
    FileHandleOutput.standardOutput(
      json ? scoresJSON(scores).canonicalText + "\n" : scoresText(scores, usesSourceOrder: sourceOrder))
  }

  private func write(_ text: String, to path: String) throws {
    do {
      try Data(text.utf8).write(to: URL(filePath: path), options: .atomic)
    } catch {
      throw UsageError("\(path): cannot be written", hint: "give a file in a folder that is there")
    }
  }
}

private func predictionLine(id: String, _ changes: [PredictedChange]) -> String {
  object([("id", .string(id)), ("changes", .array(changes.map(\.json)))]).canonicalText + "\n"
}

extension PredictedChange {
  fileprivate var json: JSONValue {
    var members: [(String, JSONValue)] = [("kind", .string(change.kind))]
    switch change {
    case .columnAdded(let column), .columnRemoved(let column), .typeChanged(let column):
      members.append(("column", .string(column.text)))
    case .columnRenamed(let from, let to): members += [("from", .string(from.text)), ("to", .string(to.text))]
    case .tableAdded(let name): members.append(("to", .string(name)))
    case .tableRemoved(let name): members.append(("from", .string(name)))
    case .tableRenamed(let from, let to): members += [("from", .string(from)), ("to", .string(to))]
    }
    if let tier { members.append(("tier", .string(tier.rawValue))) }
    members.append(("confidence", .number(decimal(confidence, digits: 2))))
    return object(members)
  }
}
