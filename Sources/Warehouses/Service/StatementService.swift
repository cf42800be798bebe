import Cryptography
import DriftCore

/// One product's way to run statements over HTTP. Everything that they have in common is `ServiceWarehouse`.
protocol StatementService: Sendable {
  /// For messages.
  var place: String { get }
  /// Quoting and folding of names.
  var dialect: Dialect { get }

  /// Every row of one of the driver's own statements that may run twice, as the pages come. Throws `incomplete` at the end
  /// where a part is missing.
  func pages(of statement: BoundSQL, each: ([[String?]]) async throws -> Void) async throws
  /// Runs a merged statement under the attempt's name; nil where somebody else has begun it. Throws `outcomeUnknown` where
  /// the answer was lost.
  func run(_ statement: MergedStatement, as attempt: Attempt) async throws -> [[String?]]?
  /// What became of an attempt that may have been sent.
  func fate(of attempt: Attempt) async throws -> Fate

  /// Streams tables ordered by name, holding one page at a time; only `table` where one is named.
  func catalogue(of schemas: [String], table: String?, each: (CatalogueTable) throws -> Void) async throws

  /// What a view that replaces this one would lose; nil where a replaced view loses nothing.
  func viewFacts(of view: TableName) async throws -> ViewFacts?

  /// How this product spells the ledger.
  var ledgerForm: LedgerForm { get }
  /// The ledger's comment; nil where there is no ledger, empty where it has none.
  func ledgerComment() async throws -> String?
  func createLedger() async throws

  /// Attempts that were claimed and not cleared away, the youngest last.
  func attempts(at step: StepID) async throws -> [Attempt]
  /// Takes the attempt; false where somebody has it or a later one. However many try, one succeeds, here or with `run`.
  func claim(_ attempt: Attempt) async throws -> Bool
  func clear(_ attempt: Attempt) async throws
  /// Whether `run` writes the ledger's line too.
  var writesLines: Bool { get }
}

extension StatementService {
  var writesLines: Bool { false }
}

extension StatementService {
  func viewFacts(of view: TableName) async throws -> ViewFacts? { nil }
}

/// One try at a step. Its name is the same in every process.
struct Attempt: Hashable, Sendable {
  var step: StepID
  /// From 1.
  var number: Int
  /// Since it was claimed, by the service's clock.
  var age: Duration
  /// Numbers of the attempts that were there when it was chosen.
  var earlier: [Int] = []
  /// The digest of the text that it is claimed for, for services that know a statement by its text.
  var statement: String?

  init(step: StepID, number: Int, age: Duration = .zero) {
    self.step = step
    self.number = number
    self.age = age
  }

  /// 32 digits of lower case that name the step.
  static func digest(of step: StepID) -> String {
    let parts = [
      step.destination.text, step.connection.text, step.table.schema, step.table.name, String(step.change),
      String(step.step), String(step.part),
    ]
    let text = parts.map { "\($0.utf8.count):\($0)" }.joined()
    return String(sha256Hex("mooring step\n" + text).prefix(32))
  }

  var name: String { "\(Self.digest(of: step))_\(number)" }
}

/// What became of an attempt.
enum Fate: Hashable, Sendable {
  case succeeded
  /// The service ended it without an effect.
  case failed
  case running
  /// The service has never heard of it, and would know.
  case absent
  /// The service no longer remembers, or cannot tell.
  case forgotten
}

/// How a product spells the ledger's table.
struct LedgerForm: Sendable {
  /// Quoted, with everything that stands before it.
  var table: String
  /// The moment of the statement in UTC.
  var now: String
  /// A column of moments as ISO 8601 text.
  var timeText: @Sendable (String) -> String
  var integer: String
}
