import FoundationEssentials

/// Two schemas in the neutral form with a known share of drift.
struct Workload {
  var name: String
  var connectors: Int
  var tables: Int
  var columns: Int
  var drift: Double

  var title: String { "\(connectors * tables) x \(columns), \(Int(drift * 100)) %" }

  static let all = [
    Workload(name: "A", connectors: 1, tables: 1, columns: 100, drift: 0.1),
    Workload(name: "B", connectors: 20, tables: 10, columns: 50, drift: 0.02),
    Workload(name: "C", connectors: 20, tables: 100, columns: 50, drift: 0.01),
  ]

  func write(to folder: String) throws {
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    try Data(document(isAfter: false).utf8).write(to: URL(filePath: "\(folder)/before.json"))
    try Data(document(isAfter: true).utf8).write(to: URL(filePath: "\(folder)/after.json"))
  }

  private func document(isAfter: Bool) -> String {
    var generator = Generator(state: 7)
    let connectors = (0..<connectors).map { connector in
      let tables = (0..<tables).map { table in
        let columns = (0..<columns).compactMap { column in
          text(of: column, isAfter: isAfter, chance: generator.next())
        }
        return #"{"name":"table_\#(table)","columns":[\#(columns.joined(separator: ","))]}"#
      }
      return
        #"{"id":"connector_\#(connector)","service":"salesforce","schema":"schema_\#(connector)","tables":[\#(tables.joined(separator: ","))]}"#
    }
    return #"{"connectors":[\#(connectors.joined(separator: ","))]}"#
  }

  /// Half of the drift adds a column, a quarter removes one, a quarter changes a type.
  private func text(of column: Int, isAfter: Bool, chance: Double) -> String? {
    let types = ["STRING", "STRING", "STRING", "INSTANT", "BOOLEAN", "LONG", "DOUBLE", "LOCALDATE"]
    let name = column == 0 ? "id" : "billing_\(["name", "code", "city", "date"][column % 4])_\(column)"
    var type = types[column % types.count]
    var extra = ""
    if isAfter, column > 0, chance < drift {
      if chance < drift / 4 { return nil }
      if chance < drift / 2 {
        type = "STRING"
      } else {
        extra = #",{"name":"added_\#(column)","type":"STRING","nullable":true,"pk":false}"#
      }
    }
    return #"{"name":"\#(name)","type":"\#(type)","nullable":\#(column > 0),"pk":\#(column == 0)}"#
      + extra
  }
}

/// A small generator with a seed, so that every run measures the same bytes.
struct Generator {
  var state: UInt64

  /// 0 to 1.
  mutating func next() -> Double {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return Double(state >> 11) / Double(1 << 53)
  }
}
