import Foundation
import JSON
import PostgreSQL
import Testing

/// An account in which the connections are not alike: one never synced, one has the metadata endpoint, one has not.
struct SeveralConnectionsTests {
  @Test func aConnectionThatCannotBeDraftedLeavesTheOthersAlone() async throws {
    let world = try await World(scenario: "all-sorts")
    try world.nameConnections()
    let drafted = try world.run(["init"])
    #expect(drafted.status == 1)
    #expect(drafted.errors.contains("fresh: left out: "))
    #expect(drafted.errors.hasSuffix("1 connection left out; when that is mended: mooring init fresh\n"))
    #expect(drafted.output.contains("left out: shop_public.blobs, switched off in Fivetran\n"))
    #expect(world.exists("contracts/sheet/sheet.rates/contract.odcs.yaml"))
    #expect(world.exists("contracts/shop/shop_public.orders/contract.odcs.yaml"))
    let orders = try world.read("contracts/shop/shop_public.orders/contract.odcs.yaml")
    #expect(orders.contains("{property: connectorType, value: postgres, vendor: fivetran}"))
    let created = orders.split(separator: "\n").last { $0.hasPrefix("contractCreatedTs: ") }
    #expect(created?.wholeMatch(of: /contractCreatedTs: "\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ"/) != nil, "\(created ?? "")")
    let typo = try world.run(["init", "shup"])
    #expect(typo.status == 1 && typo.errors.contains("did you mean \"shop\"?"))
    let again = try world.run(["init", "--json"])
    #expect(again.status == 1)
    let answer = try JSONValue.parse(Array(again.output.utf8))
    #expect(answer["written"] == [])
    let (fresh, shop) = (answer["connections"]?[0], answer["connections"]?[2])
    #expect(fresh?["name"] == "fresh" && fresh?["problem"]?.string?.contains("never synced") == true)
    #expect(shop?["left"]?.array?.isEmpty == false && shop?["problem"] == .null)
    #expect(shop?["skipped"]?[0] == ["table": "shop_public.blobs", "reason": "switched off in Fivetran"])
  }

  @Test func aFirstProjectFileSpeaksOfTheDestinationThatThereIs() async throws {
    let world = try await World(scenario: "all-sorts")
    let first = try world.run(["init", "--folder", "mine", "--fivetran-api", world.fivetran])
    #expect(first.status == 0, "\(first.errors)")
    #expect(first.output.contains("\nSet WAREHOUSE_URL (docs/warehouses.md);"))
    let text = try world.read("mine/mooring.yaml")
    #expect(text.contains("  warehouse:\n    kind: postgres\n    group: projected_sickle\n    url: ${WAREHOUSE_URL}\n"))
    #expect(try await world.requests().contains { $0.hasPrefix("GET /v1/destinations") })
  }

  /// `shop` has the metadata endpoint and `sheet` has not; both leave open where types come from.
  @Test func typesAreTheCataloguesWhereItCanBeRead() async throws {
    let world = try await World(scenario: "all-sorts")
    try world.nameConnections()
    try world.mooring("init", "sheet", "shop")
    #expect(try await !world.requests().contains { $0.contains("/v1/metadata/") })
    try world.commit("contracts as they are")
    world.environment["WAREHOUSE_URL"] = "postgres://postgres@127.0.0.1:1/nowhere"
    let shop = try world.run(["snapshot", "shop", "--json"])
    let snapshot = try JSONValue.parse(Array(shop.output.utf8))
    #expect(snapshot["gaps"]?[0]?.string?.hasPrefix("the catalogue of warehouse cannot be read") == true, "\(shop)")
    #expect(shop.output.contains("shop_public"))
    #expect(!shop.output.contains(canary))
    let sheet = try world.run(["snapshot", "sheet"])
    #expect(sheet.status == 1 && sheet.errors.contains("reading the catalogue of \"warehouse\""), "\(sheet)")
  }

  @Test func aConnectionShowsTheSameDriftWithOthersAndAlone() async throws {
    let world = try await World(scenario: "all-sorts")
    try world.nameConnections()
    _ = try world.run(["init"])
    try world.commit("contracts as they are")
    for sql in [
      "ALTER TABLE shop_public.orders ALTER total TYPE numeric(8,2)",
      "ALTER TABLE shop_public.customers ALTER email SET NOT NULL",
      "ALTER TABLE shop_public.customers ADD tier text",
    ] {
      _ = try await world.database.query(sql)
    }
    let all = try JSONValue.parse(Array(world.run(["diff", "--json"]).output.utf8))
    for name in ["sheet", "shop"] {
      let alone = try JSONValue.parse(Array(world.run(["diff", name, "--json"]).output.utf8))
      let found = all["connections"]?.array?.first { $0["name"]?.string == name }
      #expect(found != nil && found == alone["connections"]?.array?.first)
    }
  }
}

extension World {
  /// Of scenario `all-sorts`, in the place of the one that a world begins with.
  fileprivate func nameConnections() throws {
    let path = "contracts/mooring.yaml"
    let text = try read(path).replacing(
      "  salesforce:\n    id: iodize_impressive\n",
      with: "  fresh: {id: new_wren}\n  sheet: {id: calm_heron}\n  shop: {id: brisk_otter}\n")
    try write(text, to: path)
  }
}
