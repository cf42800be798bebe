import Glibc

/// The probability of each pair over all one-to-one choices among the pairs, in which a column may also stay alone.
///
/// Rivals take from each other: two equal readings of one column share what one would have. The sum over all choices is
/// found by passing messages between the two sides (belief propagation), a fixed number of rounds.
/// - Parameter pairs: row, column and logarithm of the odds.
func probabilities(of pairs: [(row: Int, column: Int, score: Double)]) -> [Double] {
  let odds = pairs.map { exp(min($0.score, 20)) }
  var toColumns = [Double](repeating: 1, count: pairs.count)
  var toRows = toColumns
  let rows = (pairs.map(\.row).max() ?? -1) + 1
  let columns = (pairs.map(\.column).max() ?? -1) + 1
  func messages(_ size: Int, _ end: (Int) -> Int, _ received: [Double]) -> [Double] {
    var sums = [Double](repeating: 0, count: size)
    for index in pairs.indices { sums[end(index)] += odds[index] * received[index] }
    return pairs.indices.map { 1 / (1 + max(0, sums[end($0)] - odds[$0] * received[$0])) }
  }
  for _ in 0..<rounds {
    toColumns = messages(rows, { pairs[$0].row }, toRows)
    toRows = messages(columns, { pairs[$0].column }, toColumns)
  }
  toColumns = messages(rows, { pairs[$0].row }, toRows)
  return pairs.indices.map { index in
    let weight = odds[index] * toColumns[index] * toRows[index]
    return weight / (1 + weight)
  }
}

private let rounds = 20
