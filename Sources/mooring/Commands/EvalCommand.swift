import ArgumentParser

struct Eval: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "eval",
    abstract: "Measure how well changes are told, on labelled cases.", subcommands: [EvalRenames.self])
}
