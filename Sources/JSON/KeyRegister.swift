/// The keys of the objects that are open, so that a second one is noticed.
///
/// Few keys are compared one by one; many are found through a hash table whose seed differs per process, so that no
/// document can be made to collide.
struct KeyRegister {
  /// Where an object's keys begin.
  struct Mark {
    var keys: Int
    var resolved: Int
    var tables: Int
  }

  private struct Key {
    var range: Range<Int>
    /// The range is of `resolved`, not of the document.
    var isResolved: Bool
  }

  private var keys: [Key] = []
  /// Keys with escapes, resolved, one after another.
  private var resolved: [UInt8] = []

  /// One for each open object with many keys, the innermost last: places of keys, 0 for none. Sizes are powers of two.
  private var tables: [[Int]] = []

  private static let few = 16

  var mark: Mark { Mark(keys: keys.count, resolved: resolved.count, tables: tables.count) }

  mutating func forget(downTo mark: Mark) {
    keys.removeLast(keys.count - mark.keys)
    resolved.removeLast(resolved.count - mark.resolved)
    tables.removeLast(tables.count - mark.tables)
  }

  /// Adds a key to the innermost object, which began at `mark`; false if the object has it already.
  mutating func insert(_ text: JSONText, of bytes: Span<UInt8>, since mark: Mark) -> Bool {
    var key = Key(range: text.range, isResolved: false)
    if text.hasEscapes {
      let start = resolved.count
      resolved += unescaped(text, of: bytes)
      key = Key(range: start..<resolved.count, isResolved: true)
    }
    let count = keys.count - mark.keys
    if count < Self.few {
      for index in mark.keys..<keys.count where isSame(key, keys[index], bytes) { return false }
      keys.append(key)
      return true
    }
    if tables.count == mark.tables { tables.append([]) }
    let last = tables.count - 1
    if (count + 1) * 2 > tables[last].count {
      tables[last] = Array(repeating: 0, count: max(64, tables[last].count * 2))
      for index in mark.keys..<keys.count {
        tables[last][place(of: keys[index], bytes)] = index + 1
      }
    }
    let place = place(of: key, bytes)
    guard tables[last][place] == 0 else { return false }
    keys.append(key)
    tables[last][place] = keys.count
    return true
  }

  /// Where the key stands in the innermost table, or where it would.
  private func place(of key: Key, _ bytes: Span<UInt8>) -> Int {
    let table = tables[tables.count - 1]
    var hasher = Hasher()
    withBytes(of: key, bytes) { hasher.combine(bytes: $0) }
    var place = hasher.finalize() & (table.count - 1)
    while table[place] != 0, !isSame(keys[table[place] - 1], key, bytes) {
      place = (place + 1) & (table.count - 1)
    }
    return place
  }

  private func isSame(_ left: Key, _ right: Key, _ bytes: Span<UInt8>) -> Bool {
    let resolved = resolved.span
    return areSame(
      left.isResolved ? resolved : bytes, left.range, right.isResolved ? resolved : bytes, right.range)
  }

  private func withBytes<Result>(
    of key: Key, _ bytes: Span<UInt8>, _ body: (UnsafeRawBufferPointer) -> Result
  ) -> Result {
    func part(_ whole: UnsafeRawBufferPointer) -> Result { body(UnsafeRawBufferPointer(rebasing: whole[key.range])) }
    return key.isResolved ? resolved.withUnsafeBytes(part) : bytes.withUnsafeBytes(part)
  }
}
