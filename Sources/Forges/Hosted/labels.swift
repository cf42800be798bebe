import DriftCore

/// Labels to add and to take away.
struct LabelEdits: Hashable {
  var added: [String] = []
  var removed: [String] = []
}

/// The labels that a pull request of Mooring's wears.
func labels(for colour: Colour) -> [String] { ["mooring", "mooring-\(colour.rawValue)"] }

/// Three ways: what we set last, what is there, what we want. A label that we set and that is gone was taken away by a
/// person, and stays away; one that we did not set is never taken away.
func labelEdits(remembered: [String], present: [String], wanted: [String]) -> LabelEdits {
  LabelEdits(
    added: wanted.filter { !present.contains($0) && !remembered.contains($0) },
    removed: remembered.filter { present.contains($0) && !wanted.contains($0) })
}
