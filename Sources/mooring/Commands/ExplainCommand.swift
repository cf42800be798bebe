import ArgumentParser
import DriftCore
import JSON

struct Explain: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "explain",
    abstract: "Explain a rule, or list them: mooring explain rules | conversions | RULE.")

  @Argument(help: "\"rules\", \"conversions\" or the id of a rule.")
  var subject = "rules"
  @Flag(help: "Print JSON.")
  var json = false

  func run() throws {
    if json {
      let answer: [JSONValue] =
        switch subject {
        case "rules": Rule.all.map(\.json)
        case "conversions":
          conversionMeanings().map { object([("id", .string($0.word)), ("meaning", .string($0.meaning))]) }
        default: try told(of: subject)
        }
      print(JSONValue.array(answer).prettyText)
      return
    }
    switch subject {
    case "rules": print(listOfRules(width: Console().width))
    case "conversions": print(listOfConversions())
    default:
      guard let text = explanation(of: subject) else { throw unknown }
      print(text)
    }
  }

  /// The rule, the rules below that prefix, or the kind that no rule speaks of.
  private func told(of id: String) throws -> [JSONValue] {
    if let kind = UnobservedKind.all.first(where: { $0.ids.contains(id) }) { return [kind.json(id)] }
    if let rule = Rule.named(id) { return [rule.json] }
    let below = rules(below: id)
    if below.isEmpty { throw unknown }
    return below.map(\.json)
  }

  private var unknown: UsageError {
    let hint = nearest(to: subject).map { "did you mean \"\($0)\"? list them: mooring explain rules" }
    return UsageError("there is no rule \"\(visible(subject))\"", hint: hint ?? "list them: mooring explain rules")
  }
}
