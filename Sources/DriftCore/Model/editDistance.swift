/// The least number of inserted, removed or replaced bytes that leads from one text to the other.
package func editDistance(_ left: [UInt8], _ right: [UInt8]) -> Int {
  if left.isEmpty { return right.count }
  if right.isEmpty { return left.count }
  var row = Array(0...right.count)
  for (i, byte) in left.enumerated() {
    var diagonal = row[0]
    row[0] = i + 1
    for (j, other) in right.enumerated() {
      let above = row[j + 1]
      row[j + 1] = min(above + 1, row[j] + 1, diagonal + (byte == other ? 0 : 1))
      diagonal = above
    }
  }
  return row[right.count]
}
