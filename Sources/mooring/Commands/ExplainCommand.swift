import ArgumentParser
import DriftCore

struct Explain: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "explain",
    abstract: "Explain a rule, or list them: mooring explain rules | conversions | RULE.")

  @Argument(help: "\"rules\", \"conversions\" or the id of a rule.")
  var subject = "rules"

  func run() throws {
    switch subject {
    case "rules": print(listOfRules())
    case "conversions": print(listOfConversions())
    default:
      guard let text = explanation(of: subject) else {
        let hint = nearest(to: subject).map { "did you mean \"\($0)\"? list them: mooring explain rules" }
        throw UsageError(
          "there is no rule \"\(visible(subject))\"", hint: hint ?? "list them: mooring explain rules")
      }
      print(text)
    }
  }
}
