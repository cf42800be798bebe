import DriftCore
import Testing

/// What is proposed of a table where people said no to some of it.
struct RemainderTests {
  /// What happened, what of it was refused, what is proposed, and what of that was refused all the same.
  struct Case: Sendable, CustomTestStringConvertible {
    var name: String
    var happen: @Sendable (inout Scene) -> Void
    var refused: [String]
    var proposed: [String]
    var needed: [String] = []

    var testDescription: String { name }
  }

  static let cases: [Case] = [
    Case(name: "nothing refused", happen: twoColumns, refused: [], proposed: ["added stage", "added tier"]),
    Case(name: "one of two", happen: twoColumns, refused: ["added stage"], proposed: ["added tier"]),
    Case(name: "all", happen: twoColumns, refused: ["added stage", "added tier"], proposed: []),
    Case(
      name: "what was left behind by a rename goes with it",
      happen: { scene in
        orphan(&scene)
        scene.land(scene.added("tier", .text(length: nil)))
      }, refused: ["renamed owner_rep_c"], proposed: ["added tier"]),
    Case(
      name: "nothing but what was left behind", happen: orphan, refused: ["renamed owner_rep_c"], proposed: []),
    Case(
      name: "a rename without what it leaves behind", happen: orphan, refused: ["rule left behind rep_c"],
      proposed: ["renamed owner_rep_c"]),
    Case(
      name: "half of a suspicion is a finding", happen: suspicion, refused: ["added sales_rep"],
      proposed: ["removed rep_c", "added support_rep", "perhaps renamed sales_rep"]),
    Case(
      name: "the other half", happen: suspicion, refused: ["removed rep_c"],
      proposed: ["added sales_rep", "added support_rep", "perhaps renamed sales_rep"]),
    Case(
      name: "a suspicion alone is none", happen: suspicion, refused: ["removed rep_c", "added sales_rep"],
      proposed: ["added support_rep"]),
    Case(
      name: "the same with another unit",
      happen: { scene in
        scene.remove("amount")
        scene.land(scene.added("amount_cents", .decimal(precision: 18, scale: 2)))
      }, refused: ["removed amount", "added amount_cents"], proposed: []),
    Case(
      name: "a key needs its columns", happen: newKey, refused: ["added tier"],
      proposed: ["key changed ", "added tier"], needed: ["added tier"]),
    Case(
      name: "the columns do not need the key", happen: newKey, refused: ["key changed "], proposed: ["added tier"]),
    Case(
      name: "a load goes on reading a column as it did", happen: retyped("seats"), refused: ["retyped seats"],
      proposed: ["added tier"]),
    Case(
      name: "a view has to read what lands",
      happen: { scene in
        retyped("seats")(&scene)
        scene.mapping.target.kind = .view
        scene.target?.isView = true
      }, refused: ["retyped seats"], proposed: ["retyped seats", "added tier"], needed: ["retyped seats"]),
    Case(
      name: "rows are found by a key that can be read", happen: retyped("id"), refused: ["retyped id"],
      proposed: ["retyped id", "added tier"], needed: ["retyped id"]),
  ]

  @Test(arguments: cases)
  func theRestIsProposedOnItsOwn(one: Case) throws {
    var scene = Scene(.postgres)
    one.happen(&scene)
    let all = scene.judged()
    let refused = Set(all.filter { one.refused.contains(words($0)) }.map(\.fingerprint))
    #expect(refused.count == one.refused.count, "\(all.map(words))")
    let remainder = scene.remainder(of: all, refused: refused)
    #expect(Set(remainder.proposed.map(words)) == Set(one.proposed))
    #expect(remainder.proposed == all.filter { remainder.proposed.contains($0) }, "in the order of before")
    #expect(remainder.proposed.filter { remainder.refused.needed[$0.fingerprint] != nil }.map(words) == one.needed)
    #expect(remainder.proposed.count + remainder.refused.leftOut.count == all.count)
    if remainder.proposed.isEmpty { return }
    _ = try scene.drafted(remainder.proposed, refused: remainder.refused)
  }

  @Test func nothingOfWhatWasRefusedIsDrafted() throws {
    var scene = Scene(.postgres)
    twoColumns(&scene)
    let all = scene.judged()
    let remainder = scene.remainder(
      of: all, refused: Set(all.filter { words($0) == "added stage" }.map(\.fingerprint)))
    let drafted = try scene.drafted(remainder.proposed, refused: remainder.refused)
    #expect(drafted.edits.count >= 5)
    for edit in drafted.edits {
      #expect(!String(decoding: edit.bytes ?? [], as: UTF8.self).contains("stage"), "\(edit.path)")
    }
    let text = proposal(branch: "b", connection: "crm", tables: [drafted], model: nil)
    #expect(text.title == "crm.deal: 1 added")
    #expect(text.body.contains("Refused before, and left out: `stage` (added)."))
    #expect(text.body.ranges(of: "stage").count == 1)
  }

  @Test func whatCannotBeLeftOutIsToldInOneLine() throws {
    var scene = Scene(.postgres)
    newKey(&scene)
    let all = scene.judged()
    let remainder = scene.remainder(of: all, refused: Set(all.filter { words($0) == "added tier" }.map(\.fingerprint)))
    let drafted = try scene.drafted(remainder.proposed, refused: remainder.refused)
    let text = proposal(branch: "b", connection: "crm", tables: [drafted], model: nil).body
    #expect(text.contains("**Refused before, and here all the same:** `tier`, because the new key has it."))
    #expect(!text.contains("left out"))
  }

  /// The type that lands is another, and `load.sql` says of that column what it said.
  @Test func aLoadKeepsWhatWasRefused() throws {
    func load(of scene: Scene, _ changes: [ClassifiedChange], _ refused: RefusedParts) throws -> String {
      let edits = try scene.drafted(changes, refused: refused).edits
      let bytes = edits.first { $0.path.hasSuffix("load.sql") }?.bytes
      return String(decoding: try #require(bytes), as: UTF8.self)
    }
    var scene = Scene(.postgres)
    scene.land(scene.added("tier", .text(length: nil)))
    let before = try load(of: scene, scene.judged(), RefusedParts())
    scene.observed("seats") { ($0.type, $0.physicalType) = (.text(length: nil), "text") }
    let all = scene.judged()
    let remainder = scene.remainder(
      of: all, refused: Set(all.filter { words($0) == "retyped seats" }.map(\.fingerprint)))
    #expect(try load(of: scene, remainder.proposed, remainder.refused) == before)
  }
}

private func words(_ change: ClassifiedChange) -> String { "\(change.change.word) \(change.change.column?.text ?? "")" }

@Sendable private func twoColumns(_ scene: inout Scene) {
  scene.land(scene.added("tier", .text(length: nil)))
  scene.land(scene.added("stage", .text(length: nil)))
}

@Sendable private func orphan(_ scene: inout Scene) {
  scene.contractText = renderContract(scene.contract, server: scene.server).replacing(
    "        name: rep_c\n",
    with: "        name: rep_c\n        quality:\n          - {metric: nullValues, mustBe: 0}\n")
  scene.remove("rep_c")
  scene.land(scene.added("owner_rep_c", .text(length: nil), source: "Rep__c"))
}

@Sendable private func suspicion(_ scene: inout Scene) {
  scene.remove("rep_c")
  scene.land(scene.added("sales_rep", .text(length: nil), source: "SalesRep"))
  scene.land(scene.added("support_rep", .text(length: nil), source: "SupportRep"))
}

@Sendable private func newKey(_ scene: inout Scene) {
  var column = scene.added("tier", .text(length: nil))
  (column.isPrimaryKey, column.isNullable) = (true, false)
  scene.land(column)
  scene.table.primaryKey = ["id", "tier"]
  scene.table.uniqueKeys = [["id", "tier"]]
}

/// A number before, text now, beside a new column.
private func retyped(_ name: String) -> @Sendable (inout Scene) -> Void {
  { scene in
    scene.land(scene.added("tier", .text(length: nil)))
    scene.promised(name) { $0.physicalType = "bigint" }
    scene.observed(name) { ($0.type, $0.physicalType) = (.text(length: nil), "text") }
    for index in scene.mapping.columns.indices where scene.mapping.columns[index].target.text == name {
      scene.mapping.columns[index].type = "bigint"
      scene.target?.columns[index].physicalType = "bigint"
    }
  }
}
