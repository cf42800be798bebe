import DriftCore
import Testing

/// A `connection.yaml` is edited where it stands.
struct ConnectionEditTests {
  @Test(
    arguments: [
      ("schemas: [crm, crm_old]   # two", [.unlist(schema: "crm_old")], "schemas: [crm]   # two"),
      ("schemas: [crm, crm_old]", [.unlist(schema: "crm")], "schemas: [crm_old]"),
      ("schemas: [ crm ]", [.unlist(schema: "crm")], "schemas: []"),
      ("schemas: [crm]", [.list(schema: "a, b", isEnabled: true)], "schemas: [crm, \"a, b\"]"),
      (
        "schemas:\n  # the first\n  - crm   # ours\n  - crm_old\n", [.unlist(schema: "crm")],
        "schemas:\n  # the first\n  - crm_old\n"
      ),
      ("schemas:\n  - crm\n", [.list(schema: "crm_eu", isEnabled: true)], "schemas:\n  - crm\n  - crm_eu\n"),
      (
        "schemas:   # all\n- crm\n", [.list(schema: "crm", isEnabled: false)],
        "schemas: []   # all\ndisabled_schemas: [crm]\n"
      ),
      (
        "disabled_schemas: [crm_old]\nschemas: [crm]", [.list(schema: "crm_old", isEnabled: true)],
        "disabled_schemas: []\nschemas: [crm, crm_old]"
      ),
      ("schemas: []", [.list(schema: "crm", isEnabled: true)], "schemas:\n  - crm"),
      ("schemas:\n- crm\n- crm_old", [.unlist(schema: "crm_old")], "schemas:\n- crm"),
      (
        "change_handling: 'BLOCK_ALL'  # agreed", [.setChangeHandling(.allowAll)],
        "change_handling: 'ALLOW_ALL'  # agreed"
      ),
    ] as [(String, [ConnectionEdit], String)], ["\n", "\r\n"])
  func onlyTheLinesThatItNamesChange(example: (before: String, edits: [ConnectionEdit], after: String), newline: String)
    throws
  {
    func file(_ text: String) -> [UInt8] { Array("version: 1\nid: i\n\(text)".replacing("\n", with: newline).utf8) }
    let edited = try edit(connection: file(example.before), path: "c", with: example.edits)
    #expect(String(decoding: edited, as: UTF8.self) == String(decoding: file(example.after), as: UTF8.self))
  }

  /// What stands between brackets over several lines may be somebody's comment.
  @Test func whatIsTooUnusualIsRefusedWithItsLine() {
    let text = "version: 1\nid: i\nschemas: [\n  crm, # ours\n  crm_old\n]\n"
    #expect {
      try edit(connection: Array(text.utf8), path: "c", with: [.unlist(schema: "crm_old")])
    } throws: { error in
      "\(error)".hasPrefix("c:5:") && "\(error)".contains("\"schemas\" is written in brackets over several lines")
    }
  }
}
