import DriftCore
import PostgreSQL
import TestSupport
import Testing

@Suite struct PostgresConnectionTests {
  @Test func parametersAndNullsArriveAsTheyAreSent() async throws {
    let connection = try await PostgresConnection.connect(to: try await PostgresServer.freshAddress())
    let result = try await connection.query(
      "SELECT $1::text AS a, $2::text AS b, $3::text AS c", parameters: ["it's \\ \"x\"", nil, ""])
    #expect(result.columns == ["a", "b", "c"])
    #expect(result.rows == [["it's \\ \"x\"", nil, ""]])
    #expect(result.commandTag == "SELECT 1")
    #expect(result.affectedRows == 1)
  }
}
