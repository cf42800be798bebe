import DriftCore

/// `stopped      warehouse: 3 steps in a row did not succeed, ...`.
func line(of brake: Brake, on console: Console) -> String {
  let word: String =
    switch brake.kind {
    case .hold: "held"
    case .breaker: brake.isProbing ? "trying" : "stopped"
    }
  let lead = console.paint(padded(word, 12), .yellow)
  return console.row("\(lead) ", leadWidth: 13, visible("\(brake.scope): \(brake.text)"))
}
