/// What stands between the values of an object: its keys, signs and space. Lists hold object after object of one form, and
/// what is there again byte for byte, its keys among it, was checked with the first.
package struct ObjectForm: Sendable {
  /// From where the object begins to its first value, from there to the next, and from the last to its end.
  private var between: [Range<Int>] = []
  /// How many objects in a row had another form.
  private var misses = 0

  /// That of no object yet.
  package init() {}

  /// Takes on the form of an object that was checked; one with objects or arrays in it has none. Where hardly two objects
  /// are alike no more is looked for.
  mutating func become(_ object: Range<Int>, in bytes: Span<UInt8>, _ limits: JSONLimits) {
    if misses > 16 { return }
    misses += 1
    between.removeAll(keepingCapacity: true)
    if bytes[object.lowerBound] != 0x7B { return }
    var (from, at, isFirst) = (object.lowerBound, object.lowerBound + 1, true)
    while case .begins(let key)? = try? nextMember(bytes, at, isFirst: isFirst, closing: 0x7D) {
      guard let name = try? text(in: bytes, key, limits) else { break }
      // Behind the colon.
      let value = spaceEnd(bytes, spaceEnd(bytes, name.range.upperBound + 1) + 1)
      guard let end = scalarEnd(bytes, value, limits) else { return between.removeAll() }
      between.append(from..<value)
      (from, at, isFirst) = (end, end, false)
    }
    if !isFirst { between.append(from..<object.upperBound) }
  }

  /// Where the object at `start` ends; nil where it is not of this form, or not JSON.
  mutating func end(_ start: Int, in bytes: Span<UInt8>, _ limits: JSONLimits) -> Int? {
    var at = start
    for index in between.indices {
      let part = between[index]
      guard at + part.count <= bytes.count, areSame(bytes, at..<at + part.count, bytes, part) else { return nil }
      at += part.count
      if index == between.count - 1 {
        misses = 0
        return at
      }
      guard let end = scalarEnd(bytes, at, limits) else { return nil }
      at = end
    }
    return nil
  }
}

/// Where the text, number or word at `start` ends; nil where something else is there.
@inline(__always)
private func scalarEnd(_ bytes: Span<UInt8>, _ start: Int, _ limits: JSONLimits) -> Int? {
  guard let kind = try? kind(of: bytes, start) else { return nil }
  return switch kind {
  case .string: (try? text(in: bytes, start, limits)).map { $0.range.upperBound + 1 }
  case .number: try? numberEnd(bytes, start)
  case .bool: try? literalEnd(bytes, start, bytes[start] == 0x74 ? "true" : "false")
  case .null: try? literalEnd(bytes, start, "null")
  case .object, .array: nil
  }
}
