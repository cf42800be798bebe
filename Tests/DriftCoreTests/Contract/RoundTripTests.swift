import DriftCore
import Testing

private let server = ContractServer(
  name: "warehouse", type: "postgres", schema: "salesforce", connectionID: "iodize_impressive",
  connectorType: "salesforce", groupID: "projected_sickness")

/// ODCS wants a position for every column of the key.
private func placingKeys(of contract: Contract) -> Contract {
  var contract = contract
  for index in contract.columns.indices {
    contract.columns[index].id = "col_\(index)"
    contract.columns[index].primaryKeyPosition =
      contract.columns[index].isPrimaryKey ? index + 1 : nil
  }
  return contract
}

@Suite struct RoundTripTests {
  @Test(arguments: 0..<300 as Range<UInt64>)
  func aWrittenContractIsReadBack(seed: UInt64) {
    let random = SeededRandom(seed)
    let contract = placingKeys(of: random.contract())
    let text = renderContract(contract, server: server)
    let (read, diagnostics) = parseContract(Array(text.utf8), path: "contract.odcs.yaml")
    #expect(diagnostics.allSatisfy { $0.severity == .warning }, "\(diagnostics)\n\(text)")
    #expect(read == contract, "\(text)")
  }

  @Test(arguments: 0..<300 as Range<UInt64>)
  func aWrittenMappingIsReadBack(seed: UInt64) {
    let random = SeededRandom(seed)
    let mapping = random.mapping()
    let text = renderMapping(mapping)
    let (read, diagnostics) = parseMapping(Array(text.utf8), path: "mapping.yaml")
    #expect(diagnostics.isEmpty, "\(text)")
    #expect(read == mapping, "\(text)")
  }

  @Test(arguments: 0..<300 as Range<UInt64>)
  func aWrittenChangeIsReadBack(seed: UInt64) {
    let random = SeededRandom(seed)
    let change = random.change()
    let text = renderChange(change)
    let (read, diagnostics) = parseChange(Array(text.utf8), path: "change.yaml")
    #expect(diagnostics.isEmpty, "\(text)")
    #expect(read == change, "\(text)")
  }

  @Test(arguments: 0..<100 as Range<UInt64>)
  func aWrittenConnectionPromiseIsReadBack(seed: UInt64) {
    let random = SeededRandom(seed)
    let promise = ConnectionPromise(
      id: ConnectionID(random.hostile()), changeHandling: random.maybe(random.pick(ChangeHandling.allCases)),
      schemas: random.chance(70) ? [random.hostile(), random.plain()] : [],
      disabledSchemas: random.chance(30) ? [random.hostile()] : [],
      settingsOwner: random.maybe(random.pick(ConnectionPolicy.SettingsOwner.allCases)))
    let text = renderConnectionPromise(promise)
    #expect(parseConnectionPromise(Array(text.utf8), path: "connection.yaml").0 == promise, "\(text)")
  }

  @Test(arguments: 0..<200 as Range<UInt64>)
  func aTypeIsReadBackFromItsText(seed: UInt64) {
    let random = SeededRandom(seed)
    let type = random.type()
    #expect(ColumnType(text: type.text) == type)
  }

  /// Nothing in a written file can hide from a reviewer.
  @Test(arguments: 0..<100 as Range<UInt64>)
  func writtenFilesHoldNoInvisibleCharacters(seed: UInt64) {
    let random = SeededRandom(seed)
    let text = renderChange(random.change())
    #expect(
      text.unicodeScalars.allSatisfy {
        $0 == "\n" || ![.control, .format].contains($0.properties.generalCategory)
      })
  }
}
