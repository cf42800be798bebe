extension Rule {
  static let contractServerChanged = Rule(
    id: "contract.serverChanged", .breaking, writes: .ok, back: .yes, policy: .block,
    summary: "An edit moves a contract to another server.",
    why: "The contract speaks of another table from then on: everything that was promised for the old place ends.",
    advice: "Write a contract of its own for the other place, or let an owner put a name to the move."
  ) { change, _ in
    guard case .contractEdited(.server(let from, let to)) = change else { return nil }
    return "the contract's servers were \(from), are \(to)"
  }
}
