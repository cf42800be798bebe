/// A version of the Open Data Contract Standard that Mooring reads. New files are written in the last one.
package enum ODCSVersion: Int, Hashable, Sendable, CaseIterable, Comparable {
  case v300, v301, v302, v310, v320

  package static let latest = ODCSVersion.v320

  /// As `apiVersion` spells it.
  package var text: String {
    switch self {
    case .v300: "v3.0.0"
    case .v301: "v3.0.1"
    case .v302: "v3.0.2"
    case .v310: "v3.1.0"
    case .v320: "v3.2.0"
    }
  }

  package init?(_ text: String) {
    guard let version = Self.allCases.first(where: { $0.text == text }) else { return nil }
    self = version
  }

  package static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }

  /// Custom properties have a vendor of their own, columns a `deprecated` and synonyms; before that, custom properties
  /// of ours with the vendor in front of the name stand for them.
  var hasVendors: Bool { self >= .v320 }

  /// The word of this version for a logical type of the latest; nil where it has none.
  func logicalType(_ latest: String?) -> String? {
    switch latest {
    case "timestamp" where self < .v310: "date"
    case "time" where self < .v310: nil
    case "map" where self < .v320, "vector" where self < .v320: nil
    default: latest
    }
  }
}

extension ContractColumn {
  /// The column as a file of this version can say it.
  func said(in version: ODCSVersion) -> ContractColumn {
    var column = self
    column.logicalType = version.logicalType(logicalType)
    // Columns have ids since v3.1.0.
    if version < .v310 { column.id = nil }
    return column
  }
}
