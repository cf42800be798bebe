package import DriftCore

/// Types without others inside.
package let sampleTypes: [ColumnType] = [
  .boolean, .integer(bits: 16), .integer(bits: 32), .integer(bits: 64),
  .decimal(precision: nil, scale: nil), .decimal(precision: 10, scale: 0),
  .decimal(precision: 12, scale: 2), .decimal(precision: 38, scale: 9),
  .decimal(precision: 1000, scale: 1000), .float(bits: 32), .float(bits: 64), .date, .time,
  .timestamp(zoned: false), .timestamp(zoned: true), .text(length: 1), .text(length: 255),
  .text(length: nil), .character(length: 10), .uuid, .json, .xml, .binary(length: nil), .unrecognized("citext"),
]

/// Types with others inside, and bounds that few warehouses have.
package let nestedTypes: [ColumnType] = [
  .timestamp(zoned: false, digits: 3), .binary(length: 9), .vector(dimensions: 3), .array(.text(length: nil)),
  .array(.integer(bits: 64)), .map(key: .text(length: nil), value: .json),
  .map(key: .text(length: nil), value: .array(.date)),
  .structure([StructureField("a", .integer(bits: 32)), StructureField("b", .text(length: nil))]),
  .structure([StructureField("a", .integer(bits: 64))]),
]

extension Dialect {
  /// Those of both, and more decimals, that the warehouse has as they are.
  package var writableTypes: [ColumnType] {
    let more: [ColumnType] = [
      .integer(bits: 8), .decimal(precision: 14, scale: 2), .decimal(precision: 12, scale: 4),
    ]
    return (sampleTypes + nestedTypes + more).filter { typeName($0) != nil && stored($0) == $0 }
  }
}
