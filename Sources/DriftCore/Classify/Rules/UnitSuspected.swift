extension Rule {
  static let unitSuspected = Rule(
    id: "column.unitSuspected", .breaking, writes: .ok, back: .data, policy: .block,
    summary: "A column went and one came whose name says another unit.",
    why:
      "The numbers are of another size: read as one column, sums and averages are wrong by a factor, without an error.",
    advice:
      "Never join the two. Convert in the mapping, in a target column of its own, once the source's owner has said the factor."
  ) { change, _ in
    guard case .unitSuspected(let from, let to, let unit) = change else { return nil }
    return "\(from.name) went and \(to.name) came: \"\(unit)\" says another unit, so never one column"
  }
}
