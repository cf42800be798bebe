import DriftCore
import TestSupport
import Testing

/// Every statement that a type or a conversion can lead to: what `make judges` and the real PostgreSQL are asked about.
@Suite struct DialectGoldenTests {
  @Test(arguments: Dialect.all)
  func everyTypeAndPairOfTypesHasItsStatements(dialect: Dialect) throws {
    let text = try TypeStory.all(dialect).map { "-- \($0)\n" + $0.statements.map { "\($0);\n" }.joined() }.joined()
    try expectGolden(text, "dialects/\(dialect.id).types.sql")
  }

  @Test(arguments: Dialect.all)
  func everyConversionHasItsStatement(dialect: Dialect) throws {
    let text = try ConversionStory.all(dialect).map { story in
      let view = try dialect.statement(for: .replaceView, mapping: story.mapping, landed: story.landed)
      return "-- \(story)\n\(view);\n"
    }.joined()
    try expectGolden(text, "dialects/\(dialect.id).conversions.sql")
  }

  /// So that no action is left out of the goldens, the mutations and the servers.
  @Test(arguments: Dialect.all)
  func everyActionThatADialectWritesIsInAStory(dialect: Dialect) {
    let told = Set(DialectStory.all(dialect).flatMap(\.actions).map(\.kind))
    let written = Set(AlterAction.Kind.allCases.filter(dialect.canWrite))
    #expect(written.subtracting(told).isEmpty)
  }
}
