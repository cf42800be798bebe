extension YAMLDecoder {
  /// `on_red: {pause: true, at_most: 24h}`; `{pause: false}` takes back what `defaults` asks for.
  mutating func longestPause(in fields: YAMLFields, over defaults: Duration?) -> Duration? {
    guard let node = fields["on_red"],
      let inner = self.fields(node, of: "\"on_red\"", known: ["pause", "at_most"])
    else { return defaults }
    guard inner["pause"] != nil else {
      error(node, "\"on_red\" lacks \"pause\"", hint: "write on_red: {pause: true, at_most: 24h}, or {pause: false}")
      return nil
    }
    guard let pause = boolean("pause", in: inner) else { return nil }
    if !pause {
      if let node = inner["at_most"] { error(node, "\"at_most\" is said of no pause", hint: "leave it out") }
      return nil
    }
    guard let node = inner["at_most"] else {
      error(
        inner.node, "\"on_red\" pauses for ever",
        hint: "write how long at most, such as at_most: 24h: a connection that nobody answers for goes on then")
      return nil
    }
    guard let text = text(node, "\"at_most\"") else { return nil }
    if let longest = Duration(text: text), (.seconds(60)...(.seconds(30 * 86_400))).contains(longest) { return longest }
    error(node, "\"\(text)\" is no length of a pause", hint: "write minutes, hours or days, up to 30d: 90m, 24h, 3d")
    return nil
  }
}
