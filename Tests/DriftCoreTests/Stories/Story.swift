import DriftCore

/// One kind of drift as it happens to the table of `Scene`.
struct Story: Sendable, CustomStringConvertible {
  /// The rule that must speak of it, and the folder of what people see.
  let rule: String
  /// What the folder is called where one rule has several stories.
  var name: String
  let happen: @Sendable (inout Scene) -> Void

  init(_ rule: String, _ name: String? = nil, happen: @escaping @Sendable (inout Scene) -> Void) {
    self.rule = rule
    self.name = name ?? rule
    self.happen = happen
  }

  var description: String { name }

  static let all: [Story] = tables + keys + columns + targets

  private static let tables: [Story] = [
    Story("table.added") { scene in
      scene.contract.id = ""
      scene.more = [.tableAdded(scene.table)]
    },
    Story("table.removed") { $0.table.inSource = .absent },
    Story("table.renamed.caseOnly") {
      $0.isPerhaps(TableName(schema: $0.table.name.schema, name: flipped($0.table.name.name)))
    },
    Story("table.moved") { $0.isPerhaps(TableName(schema: "crm_old", name: $0.table.name.name)) },
    Story("table.renamed.candidate") { $0.isPerhaps(TableName(schema: $0.table.name.schema, name: "opportunity")) },
    Story("table.disabled") { $0.table.isEnabled = false },
    Story("table.enabled") { $0.contract.isEnabled = false },
    Story("table.kindChanged") { $0.table.isView = true },
    Story("table.syncModeChanged.fromHistory") { $0.keeps(.history, now: .softDelete) },
    Story("table.syncModeChanged.toHistory") { $0.keeps(.softDelete, now: .history) },
    Story("table.syncModeChanged.toLive") { $0.keeps(.softDelete, now: .live) },
    Story("table.syncModeChanged.toSoftDelete") { $0.keeps(.live, now: .softDelete) },
  ]

  private static let keys: [Story] = [
    Story("pk.added") { scene in
      scene.promised("id") {
        $0.isPrimaryKey = false
        $0.primaryKeyPosition = nil
      }
    },
    Story("pk.dropped") { $0.key([]) },
    Story("pk.columnsChanged") { $0.key(["id", "region_c"]) },
    Story("pk.orderChanged") { scene in
      scene.key(["region_c", "id"])
      scene.contract = contract(promising: scene.table, connection: "crm")
      scene.key(["id", "region_c"])
      scene.policies = ["pk": .review]
    },
    Story("unique.added") { $0.table.uniqueKeys.append([ColumnName($0.dialect.folded("rep_c"))]) },
    Story("unique.dropped") { $0.promised("rep_c") { $0.isUnique = true } },
  ]

  private static let columns: [Story] = [
    Story("column.blocked") { scene in
      var column = scene.added("tier_c", .text(length: nil), source: "Tier__c")
      column.isEnabled = false
      column.landed = .absent
      (column.type, column.physicalType, column.isNullable) = (nil, nil, nil)
      scene.land(column)
    },
    Story("column.added.sensitive") { $0.land($0.added("email", .text(length: nil), source: "Email")) },
    Story("column.added.required") { scene in
      var column = scene.added("stage", .text(length: nil), source: "Stage")
      column.isNullable = false
      scene.land(column)
    },
    Story("column.added.typeUnknown") { scene in
      var column = scene.added("shape", .text(length: nil), source: "Shape")
      (column.type, column.physicalType) = (.unrecognized("blob_of(3)"), "blob_of(3)")
      scene.land(column)
    },
    Story("column.added.lookAlike") { scene in
      var column = scene.added("x", .text(length: nil), source: "region__C")
      column.name = ColumnName(flipped(scene.dialect.folded("region_c")))
      scene.land(column)
    },
    Story("column.added") { $0.land($0.added("tier_c", .text(length: nil), source: "Tier__c")) },
    Story("column.landed") { scene in
      let column = scene.added("tier_c", .text(length: nil), source: "Tier__c")
      scene.contract.columns.append(ContractColumn(name: column.name))
      scene.land(column)
    },
    Story("column.landed.typeUnknown") { scene in
      var column = scene.added("shape", .text(length: nil), source: "Shape")
      (column.type, column.physicalType) = (.unrecognized("blob_of(3)"), "blob_of(3)")
      scene.contract.columns.append(ContractColumn(name: column.name))
      scene.land(column)
    },
    Story("column.removed") { $0.remove("region_c") },
    Story("column.renamed.caseOnly") { scene in
      scene.remove("region_c")
      var column = scene.added("x", .text(length: nil), source: "REGION__C")
      column.name = ColumnName(flipped(scene.dialect.folded("region_c")))
      scene.land(column)
    },
    Story("column.renamed") { scene in
      scene.remove("rep_c")
      scene.land(scene.added("owner_rep_c", .text(length: nil), source: "Rep__c"))
    },
    Story("column.renamed", "column.renamed-and-retyped") { scene in
      scene.promised("seats") { $0.isRequired = true }
      scene.remove("seats")
      scene.land(scene.added("licences", .text(length: nil), source: "Seats"))
    },
    Story("column.renamed.candidate") { scene in
      scene.remove("rep_c")
      scene.land(scene.added("sales_rep", .text(length: nil), source: "SalesRep"))
      scene.land(scene.added("support_rep", .text(length: nil), source: "SupportRep"))
    },
    Story("column.unitSuspected") { scene in
      scene.remove("amount")
      scene.land(scene.added("amount_cents", .decimal(precision: 18, scale: 2), source: "AmountCents"))
    },
    Story("column.removedThenReadded") { scene in
      scene.promised("region_c") { $0.isDeprecated = true }
      scene.observed("region_c") { $0.sourceName = "SalesRegion__c" }
    },
    Story("column.disabled") { $0.observed("region_c") { $0.isEnabled = false } },
    Story("column.enabled") { $0.promised("region_c") { $0.isEnabled = false } },
    Story("column.hashed.on") { $0.observed("region_c") { $0.isHashed = true } },
    Story("column.hashed.off") { $0.promised("region_c") { $0.isHashed = true } },
    Story("null.relaxed") { $0.promised("region_c") { $0.isRequired = true } },
    Story("null.tightened") { $0.observed("region_c") { $0.isNullable = false } },
    Story("column.removed", "column.removed-and-named") { scene in
      let table = scene.contract.table.name
      let region = scene.dialect.folded("region_c")
      scene.contractText =
        renderContract(scene.contract, server: scene.server) + """
          slaProperties:
            - property: freshness
              value: 1
              unit: h
              element: \(table).\(region)

          """
      scene.remove("region_c")
    },
    Story("quality.ruleOrphaned") { scene in
      let rep = scene.dialect.folded("rep_c")
      scene.contractText = renderContract(scene.contract, server: scene.server).replacing(
        "        name: \(rep)\n",
        with: "        name: \(rep)\n        quality:\n          - {metric: nullValues, mustBe: 0}\n")
      scene.remove("rep_c")
      scene.land(scene.added("owner_rep_c", .text(length: nil), source: "Rep__c"))
    },
  ]

  private static let targets: [Story] = [
    Story("target.missing") { $0.target = nil },
    Story("mapping.edited") { $0.isRendered = false },
    Story("mapping.edited", "mapping.edited-view") { $0.feedsView(withOthersBehind: 2) },
    Story("mapping.edited", "mapping.edited-view-of-many") { $0.feedsView(withOthersBehind: 30) },
    Story("target.columnMissing") { scene in scene.target?.columns.removeAll { $0.name.text.lowercased() == "seats" } },
    Story("target.typeNarrower") {
      $0.mapsAmount(to: .decimal(precision: 18, scale: 2), in: .decimal(precision: 12, scale: 2))
    },
    Story("target.typeDiffers") { $0.mapsAmount(to: .decimal(precision: 18, scale: 2), in: .boolean) },
  ]
}

extension Scene {
  fileprivate mutating func keeps(_ before: SyncMode, now: SyncMode) {
    contract.syncMode = before
    table.syncMode = now
  }

  fileprivate mutating func key(_ names: [String]) {
    let key = names.map { ColumnName(dialect.folded($0)) }
    for index in table.columns.indices {
      table.columns[index].isPrimaryKey = key.contains(table.columns[index].name)
    }
    table.primaryKey = key
    table.uniqueKeys = key.isEmpty ? [] : [key.sorted()]
  }

  /// The table is new, and one of another name went.
  fileprivate mutating func isPerhaps(_ old: TableName) {
    contract.id = ""
    let evidence = RenameEvidence(confidence: 0.92, reasons: ["5 columns the same", "no rival"])
    more = [.tableAdded(table), .tableRenameSuspected(from: old, to: table.name, evidence: evidence)]
  }

  /// A view whose columns a person put into another order, and gave another type.
  fileprivate mutating func feedsView(withOthersBehind count: Int) {
    isRendered = false
    mapping.target.kind = .view
    mapping.columns.reverse()
    target?.isView = true
    target?.uniqueKeys = []
    let schema = mapping.target.table.schema
    let hostile = "deal|<b>x</b>`"
    target?.view = ViewFacts(
      grants: [
        Grant([.select], to: .everyone), Grant([.select], to: .named(.user, "analyst")),
        Grant([.select], to: .named(.user, "team <lead>"), isGrantable: true),
      ],
      dependants: (0..<count).map { TableName(schema: schema, name: $0 == 0 ? hostile : "deals_\($0)") })
  }

  fileprivate mutating func mapsAmount(to wanted: ColumnType, in target: ColumnType) {
    let name = ColumnName(dialect.folded("amount"))
    self.target?.columns.removeAll { $0.name == name }
    self.target?.columns.append(
      CatalogueColumn(name: name, physicalType: dialect.typeName(dialect.stored(target)) ?? ""))
  }
}

/// `Deal` for `deal`, `dEAL` for `DEAL`: the same but for case.
private func flipped(_ name: String) -> String {
  let first = name.prefix(1)
  return (first.lowercased() == first ? first.uppercased() : first.lowercased()) + name.dropFirst()
}
