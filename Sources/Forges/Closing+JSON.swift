import DriftCore
import JSON

/// How a forge keeps what a person says with a refusal, where it has no place of its own for that.
extension Closing {
  /// What is missing, or of another kind, is not known.
  init(_ value: JSONValue) {
    func moment(_ key: String) -> Timestamp? { value[key]?.string.flatMap { Timestamp(iso8601: $0) } }
    self.init(
      by: value["by"]?.string, reason: value["reason"]?.string, at: moment("at"), until: moment("until"))
  }

  var members: [JSONMember] {
    [("by", by), ("reason", reason), ("at", at?.description), ("until", until?.description)].compactMap { name, text in
      text.map { JSONMember(name, .string($0)) }
    }
  }
}
