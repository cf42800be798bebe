import DriftCore
import Testing

struct RenamesTests {
  @Test(arguments: [
    ("qty_ordered:INT", "quantity_ordered:INT"), ("cust_addr", "customer_address"), ("customers_note", "customer_note"),
    ("gift_card:BOOLEAN", "is_gift_card:BOOLEAN"), ("shipped:INSTANT", "shipped_at:INSTANT"),
    ("recieved_by", "received_by"), ("OwnerEmail", "owner_email"), ("_row_total:DOUBLE", "row_total:DOUBLE"),
    ("order_status_reason", "status_reason"), ("ship_window", "ship_window_code"),
    ("warehouse:INT", "warehouse_id:LONG"), ("last_scan_day:LOCALDATE", "last_scan_date:LOCALDATE"),
  ])
  func theSameWordsInOtherDressAreAsserted(old: String, new: String) {
    let name = { (text: String) in text.split(separator: ":")[0] }
    #expect(renamesFound([old], [new]) == ["\(name(old))>\(name(new))"])
  }

  @Test(arguments: [
    ("first_name", "last_name"), ("created_at:INSTANT", "updated_at:INSTANT"), ("billing_city", "shipping_city"),
    ("amount:DOUBLE", "amount_cents:DOUBLE"), ("weight_kg:DOUBLE", "weight_lb:DOUBLE"),
    ("is_active:BOOLEAN", "is_deleted:BOOLEAN"), ("inactive:BOOLEAN", "active:BOOLEAN"),
    ("valid_from:INSTANT", "valid_to:INSTANT"), ("min_price:DOUBLE", "max_price:DOUBLE"),
    ("source_id:LONG", "target_id:LONG"), ("duration_ms:LONG", "duration_seconds:LONG"),
    ("discount:DOUBLE", "discount_pct:DOUBLE"), ("user_id:LONG", "account_id:LONG"),
    // Values that do not fit the new type, or were NULL and cannot be.
    ("size_code", "size_code_2:LONG"), ("shelf_code", "shelf_codes!"),
  ])
  func anotherMeaningIsNotEvenACandidate(old: String, new: String) {
    #expect(renamesFound([old], [new]) == [])
  }

  @Test(arguments: [
    ("access_token", "access_token_ciphertext"), ("password", "password_hash"), ("secret_key", "encrypted_secret_key"),
    ("checksum", "checksum_v2"), ("status", "code"), ("towhat", "resource_type"),
  ])
  func aReplacementOrAGuessIsNeverAsserted(old: String, new: String) {
    #expect(renamesFound([old], [new]).allSatisfy { $0.hasSuffix("?") })
  }

  @Test func halvesThatBothGotAWordAreNotMixedUp() {
    #expect(
      renamesFound(["first_name", "last_name"], ["given_first_name", "given_last_name"])
        == ["first_name>given_first_name", "last_name>given_last_name"])
  }

  @Test(arguments: [
    ("reporter_id:LONG", "owner_id:LONG"), ("unit_cost:DOUBLE", "unit_price:DOUBLE"), ("vendor_rank", "supplier_rank"),
  ])
  func wordsOfOneMeaningAreShownAndNeverAsserted(old: String, new: String) {
    let name = { (text: String) in text.split(separator: ":")[0] }
    #expect(renamesFound([old], [new]) == ["\(name(old))>\(name(new))?"])
  }

  @Test func whatCameInACrowdIsNotTakenForTheOneThatWent() {
    let crowd = ["blue:LONG", "green:LONG", "fast:BOOLEAN", "slow:BOOLEAN", "when:INSTANT", "until:INSTANT"]
    #expect(renamesFound(["alpha"], ["omega"]) == ["alpha>omega?"])
    #expect(renamesFound(["alpha"], ["omega"] + crowd) == [])
  }

  @Test func twoEqualReadingsStayAmbiguous() {
    #expect(renamesFound(["rep"], ["owner_rep", "other_rep"]).allSatisfy { $0.hasSuffix("?") })
    #expect(renamesFound(["north_rep", "south_rep"], ["rep"]).allSatisfy { $0.hasSuffix("?") })
  }

  @Test func whatRemainsAfterTheClearPairsIsClear() {
    #expect(
      renamesFound(
        ["draft_template", "final_template", "final_notice_template"],
        ["draft_body", "final_body", "final_notice_body"])
        == ["draft_template>draft_body", "final_notice_template>final_notice_body", "final_template>final_body"])
  }

  @Test func theSameExchangeInSeveralColumnsIsEvidence() {
    let others = ["code:LONG", "rank:LONG", "depth:LONG"]
    let one = renamesFound(["cable_peer_id:LONG"] + others, ["link_peer_id:LONG", "z:LONG", "y:LONG"])
    let two = renamesFound(
      ["cable_peer_id:LONG", "cable_peer_type_id:LONG"] + others,
      ["link_peer_id:LONG", "link_peer_type_id:LONG", "z:LONG", "y:LONG"])
    #expect(one == ["cable_peer_id>link_peer_id?"])
    #expect(two == ["cable_peer_id>link_peer_id", "cable_peer_type_id>link_peer_type_id"])
  }

  @Test func aWordThatTheTableExchangedTooIsEvidence() {
    let stays = renamesFound(["vendor_rank:INT", "a:INT"], ["supplier_rank:INT", "b:INT"], table: "vendors")
    let follows = renamesFound(
      ["vendor_rank:INT", "a:INT"], ["supplier_rank:INT", "b:INT"], table: "vendors", tableAfter: "suppliers")
    #expect(stays == ["vendor_rank>supplier_rank?"])
    #expect(follows == ["vendor_rank>supplier_rank"])
  }

  @Test func aReferenceToAnotherThingIsNoRename() {
    #expect(renamesFound(["conference_id:LONG"], ["program_id:LONG"]) == [])
    #expect(renamesFound(["gem_name"], ["rubygem_id:LONG"]) == [])
  }

  @Test func evidenceNamesTheRunnerUp() throws {
    let found = detectRenames(
      removed: subjects(["rep"]), added: subjects(["owner_rep", "other_rep"]),
      setting: RenameSetting(tableBefore: "t", tableAfter: "t"))
    let evidence = try #require(found.first?.evidence)
    #expect(evidence.runnerUp != nil)
    #expect(evidence.confidence < 0.6)
    #expect(evidence.reasons == ["same type", "1 of 1 words kept"])
  }

  @Test func aTypeThatTheTableChangedElsewhereIsNoObstacle() {
    let removed = [RenameSubject(name: "staff", type: .decimal(precision: nil, scale: nil))]
    let added = [RenameSubject(name: "staff_no", type: .integer(bits: 32))]
    func found(_ changes: Set<[ColumnType]>) -> Int {
      detectRenames(
        removed: removed, added: added,
        setting: RenameSetting(tableBefore: "t", tableAfter: "t", typeChanges: changes)
      ).count
    }
    #expect(found([]) == 0)
    #expect(found([[.decimal(precision: nil, scale: nil), .integer(bits: 32)]]) == 1)
  }
}

struct RenamesLawTests {
  /// Tables of invented names that share words, so that there is much to confuse.
  private func table(_ seed: UInt64) -> (removed: [String], added: [String]) {
    let random = SeededRandom(seed)
    let words = ["home", "office", "code", "rank", "id", "note", "at", "is", "total", "ship", "line", "x1"]
    let types = ["STRING", "LONG", "BOOLEAN", "INSTANT"]
    func names() -> Set<String> {
      Set((0..<9).map { _ in (0...random.next() % 3).map { _ in random.pick(words) }.joined(separator: "_") })
    }
    let old = names()
    let new = names().subtracting(old)
    return (
      old.sorted().map { "\($0):\(random.pick(types))" }, new.sorted().map { "\($0):\(random.pick(types))" }
    )
  }

  @Test(arguments: 0..<60 as Range<UInt64>)
  func theOrderOfColumnsDoesNotMatter(seed: UInt64) {
    let (removed, added) = table(seed)
    let found = renamesFound(removed, added)
    #expect(renamesFound(removed.reversed(), added.reversed()) == found)
    #expect(renamesFound(removed, added) == found)
  }

  @Test(arguments: 0..<60 as Range<UInt64>)
  func noColumnIsInTwoPairs(seed: UInt64) {
    let (removed, added) = table(seed)
    let found = detectRenames(
      removed: subjects(removed), added: subjects(added), setting: RenameSetting(tableBefore: "t", tableAfter: "t"))
    #expect(Set(found.map(\.removed)).count == found.count)
    #expect(Set(found.map(\.added)).count == found.count)
    #expect(found.allSatisfy { (0...1).contains($0.evidence.confidence) })
  }

  @Test(arguments: 0..<20 as Range<UInt64>)
  func theTableMayBeCalledAnything(seed: UInt64) {
    let (removed, added) = table(seed)
    #expect(renamesFound(removed, added, table: "alpha") == renamesFound(removed, added, table: "omega"))
  }

  @Test func aWideTableIsBounded() {
    let removed = (0..<500).map { "metric_\($0)_value:DOUBLE" }
    let added = (0..<500).map { "metric_\($0)_val_new:DOUBLE" }
    #expect(renamesFound(removed, added).count <= 500)
    #expect(renamesFound(removed, (0..<500).map { "other_\($0):LONG" }).isEmpty)
  }

  @Test(arguments: 0..<40 as Range<UInt64>)
  func hostileNamesAreOnlyNames(seed: UInt64) {
    let random = SeededRandom(seed)
    func subjects() -> [RenameSubject] {
      (0..<6).map { _ in RenameSubject(name: ColumnName(random.hostile()), type: .text(length: nil)) }
    }
    let found = detectRenames(
      removed: subjects(), added: subjects(), setting: RenameSetting(tableBefore: "t", tableAfter: random.hostile()))
    #expect(found.count <= 6)
  }
}
