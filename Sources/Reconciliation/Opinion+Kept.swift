import DriftCore
import JSON

extension Opinion {
  /// As the cache keeps it.
  var kept: String {
    let members = answers.sorted { $0.key < $1.key }.map { id, answer in
      let fields: [(String, JSONValue)] = [
        ("readers", answer.readers.map { .string($0.rawValue) } ?? .null),
        ("rename_of", answer.renameOf.map { .string($0.text) } ?? .null),
        ("target_name", answer.targetName.map { .string($0.text) } ?? .null),
        ("type", answer.type.map { .string($0) } ?? .null),
        ("conversion", answer.conversion.map { .string($0) } ?? .null),
        ("sensitive", .bool(answer.isSensitive)), ("note", .string(answer.note)),
      ]
      return (id, JSONValue.object(fields.map(JSONMember.init)))
    }
    return JSONValue.object([
      JSONMember("model", .string(model)),
      JSONMember("answers", .object(members.map(JSONMember.init))),
    ]).canonicalText
  }

  /// Reads what `kept` wrote; nil for anything else. A kept answer costs no tokens.
  init?(kept text: String) {
    guard let value = try? JSONValue.parse(Array(text.utf8)), let model = value["model"]?.string,
      let members = value["answers"]?.members
    else { return nil }
    var answers: [String: Answer] = [:]
    for member in members {
      let answer = member.value
      answers[member.name] = Answer(
        readers: answer["readers"]?.string.flatMap(ReaderEffect.init(rawValue:)),
        renameOf: answer["rename_of"]?.string.map { ColumnName($0) },
        targetName: answer["target_name"]?.string.map { ColumnName($0) },
        type: answer["type"]?.string, conversion: answer["conversion"]?.string,
        isSensitive: answer["sensitive"]?.bool ?? false, note: answer["note"]?.string ?? "")
    }
    self.init(model: model, answers: answers)
  }
}
