/// Every kind of change that a policy can name; a prefix of one (`column`, `column.hashed`) names all below it.
///
/// A kind that is not listed is taken for a slip of the pen, since a misspelt `block` must not mean "allow".
package let policyKinds: [String] =
  Rule.all.map(\.id) + ["table.renamed", "type.synonym", "type.widened", "type.narrowed"]

extension YAMLDecoder {
  /// Policies by kind of change. Contracts may write `columnAdded`, which ODCS prefers, for `column.added`.
  mutating func policies(_ node: YAMLNode?, of what: String) -> [String: Policy] {
    guard let node else { return [:] }
    guard let entries = node.entries else {
      error(node, "\(what) is \(node.kind), not a mapping", hint: "write \"column.added: review\"")
      return [:]
    }
    var policies: [String: Policy] = [:]
    for entry in entries {
      guard let kind = policyKind(entry.name) else {
        error(
          entry.key, "unknown kind of change \"\(entry.name)\" in \(what)",
          hint: suggestion(for: entry.name, among: policyKinds, list: "one of"))
        continue
      }
      guard let text = text(entry.value, "the policy for \"\(entry.name)\""),
        let policy: Policy = choice(text, at: entry.value, key: "policy")
      else { continue }
      if policies.updateValue(policy, forKey: kind) != nil {
        error(entry.key, "a second policy for \"\(kind)\" in \(what)")
      }
    }
    return policies
  }
}

/// The dotted form of a kind or of a prefix of kinds; nil for anything else.
private func policyKind(_ name: String) -> String? { kindsByName[name] }

private let kindsByName: [String: String] = {
  var kinds: [String: String] = [:]
  for kind in policyKinds {
    var prefix = ""
    for part in kind.split(separator: ".") {
      prefix += prefix.isEmpty ? String(part) : ".\(part)"
      kinds[prefix] = prefix
      kinds[camelCase(prefix)] = prefix
    }
  }
  return kinds
}()

/// `column.hashed.off` as `columnHashedOff`.
func camelCase(_ kind: String) -> String {
  kind.split(separator: ".").enumerated().map { index, part in
    index == 0 ? String(part) : part.prefix(1).uppercased() + part.dropFirst()
  }.joined()
}
