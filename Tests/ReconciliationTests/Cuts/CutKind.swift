import DriftCore
import Testing

/// Every kind of step. One that is added does not compile until it has its place here and its scene in `CutScene`.
enum CutKind: Hashable, Sendable, CaseIterable, CustomTestStringConvertible {
  case statement(AlterAction.Kind)
  case other(Other)

  /// Steps without a statement.
  enum Other: String, Sendable, CaseIterable {
    case patch, sync, resync, waitIdle, waitSynced, verifyTargetColumn, verifyTargetView, verifyLandedColumn,
      verifySetting
  }

  static let allCases = AlterAction.Kind.allCases.map(Self.statement) + Other.allCases.map(Self.other)

  init(of step: Step, among actions: [AlterAction]) {
    switch step.work {
    case .ddl(let statement), .backfill(let statement, _): self = .statement(actions[statement - 1].kind)
    case .fivetran: self = .other(.patch)
    case .sync(let tables): self = .other(tables.isEmpty ? .sync : .resync)
    case .wait(.idle): self = .other(.waitIdle)
    case .wait(.synced): self = .other(.waitSynced)
    case .verify(.targetColumn): self = .other(.verifyTargetColumn)
    case .verify(.targetView): self = .other(.verifyTargetView)
    case .verify(.landedColumn): self = .other(.verifyLandedColumn)
    case .verify(.setting): self = .other(.verifySetting)
    }
  }

  var testDescription: String {
    switch self {
    case .statement(let kind): kind.rawValue
    case .other(let other): other.rawValue
    }
  }
}

/// Where a process ends, around the act of one step.
enum CutPoint: String, Sendable, CaseIterable {
  /// Nothing was sent; that it is intended may be on record.
  case beforeAct
  /// It has taken effect, and its answer never came. In a transaction, before the transaction's end.
  case beforeAnswer
  /// It is done, and neither the audit log nor the ledger says so.
  case beforeRecord
  /// The audit log says so, and the ledger does not.
  case beforeLine
  /// All is written, and the process did not hear of it.
  case afterLine
}
