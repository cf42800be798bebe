/// What the scanner stumbled over, in words, where to look, and the way out.
///
/// Source of the scanner's own words: libyaml 0.2.5, scanner.c and parser.c.
struct YAMLProblem {
  var text: String
  /// Whether the place to look at is where the thing began, not where it was found to be wrong: a quote that is not closed
  /// is noticed at the end of the file.
  var isAtOpening = false
  private var advice: Advice?

  private enum Advice {
    case text(String)
    /// Before and behind the place where the thing began.
    case opening(String, String)
  }

  /// - Parameters:
  ///   - problem: the scanner's words.
  ///   - context: what it was doing.
  init(_ problem: String, within context: String?) {
    text = problem + (context.map { " (\($0))" } ?? "")
    switch (problem, context) {
    case ("found unexpected end of stream", "while scanning a quoted scalar"),
      ("found unexpected document indicator", "while scanning a quoted scalar"):
      text = "a quote that is not closed"
      isAtOpening = true
      advice = .text("close it; inside single quotes write '' for one, inside double quotes \\\"")
    case ("did not find expected '-' indicator", _):
      text = "something that is no item of the list that it stands in"
      advice = .opening("the list begins at", "each item begins with \"- \" in that column, and its keys further right")
    case ("did not find expected key", "while parsing a block mapping"):
      text = "something that is no key of the mapping that it stands in"
      advice = .opening("the mapping begins at", "its keys stand in that column; put text with quotes in it in quotes")
    case ("did not find expected ',' or ']'", _), ("did not find expected ',' or '}'", _):
      text = "a bracket that is not closed, or a comma that is missing"
      advice = .opening("the bracket is at", "put text with , [ ] { } in it in quotes")
    case ("could not find expected ':'", _):
      text = "a line that is neither a key nor part of a text"
      isAtOpening = true
      advice = .text("write \"key: value\", or indent it as what it belongs to")
    case ("mapping values are not allowed in this context", _):
      text = "a \": \" where no key can stand"
      advice = .text("put the text that it is part of in quotes, or give the key a line of its own")
    case ("found character that cannot start any token", _):
      text = "a character that no value can begin with"
      advice = .text("put the value in quotes")
    default: break
    }
  }

  func hint(_ line: Int, _ column: Int) -> String? {
    switch advice {
    case .text(let text): text
    case .opening(let before, let behind): "\(before) \(line):\(column); \(behind)"
    case nil: nil
    }
  }
}
