import DriftCore
import JSON

/// Decodes an answer and keeps of it what is among the choices of the question; everything else is dropped.
func opinion(from body: [UInt8], on question: Question, model: String) throws(LanguageModelError)
  -> Opinion
{
  let document: JSONValue
  do {
    document = try JSONValue.parse(body)
  } catch {
    throw .unreadable("\(error)")
  }
  guard let message = document["choices"]?[0]?["message"] else { throw .unreadable("no message") }
  if let refusal = message["refusal"]?.string, !refusal.isEmpty { throw .unreadable("it declined") }
  guard let content = message["content"]?.string else { throw .unreadable("no content") }
  let answers: JSONValue
  do {
    answers = try JSONValue.parse(content)
  } catch {
    throw .unreadable("its content is no JSON document")
  }
  guard answers.members != nil else { throw .unreadable("its content is no JSON object") }
  var opinion = Opinion(
    model: document["model"]?.string.map { plain($0, limit: 60) } ?? model, answers: [:],
    tokens: document["usage"]?["total_tokens"]?.int)
  for item in question.items {
    guard let answer = answers[item.id], answer.members != nil else { continue }
    opinion.answers[item.id] = checked(answer, against: item)
  }
  return opinion
}

private func checked(_ answer: JSONValue, against item: Question.Item) -> Opinion.Answer {
  func chosen(_ key: String, among names: [ColumnName]) -> ColumnName? {
    guard let text = answer[key]?.string else { return nil }
    return names.first { $0 == ColumnName(text) }
  }
  func chosen(_ key: String, among texts: [String]) -> String? {
    guard let text = answer[key]?.string else { return nil }
    return texts.first { $0 == text }
  }
  return Opinion.Answer(
    readers: answer["readers"]?.string.flatMap(ReaderEffect.init(rawValue:)),
    renameOf: chosen("rename_of", among: item.renameCandidates),
    targetName: chosen("target_name", among: item.targetNames),
    type: chosen("type", among: item.types),
    conversion: chosen("conversion", among: item.conversions),
    isSensitive: answer["is_sensitive"]?.bool ?? false,
    note: plain(answer["note"]?.string ?? "", limit: 300))
}

/// One line of visible text without links. Invisible characters go first: they would hide a link from the filter.
private func plain(_ text: String, limit: Int) -> String {
  let shown = text.unicodeScalars.filter { scalar in
    if scalar == "\n" || scalar == "\t" { return true }
    switch scalar.properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .unassigned,
      .surrogate:
      return false
    default: return true
    }
  }
  let words = String(String.UnicodeScalarView(shown)).split(whereSeparator: \.isWhitespace)
    .filter { word in !linkMarks.contains { word.contains($0) } }
  return String(String.UnicodeScalarView(words.joined(separator: " ").unicodeScalars.prefix(limit)))
}

private let linkMarks = ["//", "](", "www.", "mailto:"]
