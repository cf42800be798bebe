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
    case "rules":
      for rule in Rule.all { print("\(padded(rule.id, 24)) \(rule.summary)") }
    case "conversions":
      for name in Conversion.names { print(name) }
    default:
      guard let rule = Rule.all.first(where: { subject == $0.id || subject.hasPrefix($0.id + ".") })
      else {
        throw UsageError("there is no rule \"\(subject)\"", hint: "list them: mooring explain rules")
      }
      print("\(rule.id)\n\(rule.summary)")
      print("Set a policy for it in mooring.yaml: policies: {\(subject): auto | review | block | ignore}")
    }
  }
}
