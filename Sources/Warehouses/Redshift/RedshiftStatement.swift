import JSON

/// A statement, or several of one transaction, as far as it is told.
struct RedshiftStatement: Sendable {
  var id: String
  var status: String
  /// Of each statement of a transaction.
  private var parts: [RedshiftStatement]
  var hasResult: Bool
  private var message: String?

  init(_ document: JSONValue, id: String) throws(ServiceError) {
    guard let status = document["Status"]?.string else {
      throw ServiceError(.unreadable, "the answer does not say how the statement stands")
    }
    guard document["Id"]?.string == id else { throw ServiceError(.unreadable, "the answer is about another statement") }
    self.id = id
    self.status = status
    hasResult = document["HasResultSet"]?.bool == true
    message = document["Error"]?.string
    parts = []
    for part in document["SubStatements"]?.array ?? [] {
      parts.append(try RedshiftStatement(part, id: part["Id"]?.string ?? ""))
    }
  }

  /// - Parameter number: from 1.
  func part(_ number: Int) -> RedshiftStatement? { parts.first { $0.id == "\(id):\(number)" } }

  var isRunning: Bool { RedshiftStatement.isRunning(status) }

  static func isRunning(_ status: String) -> Bool { ["SUBMITTED", "PICKED", "STARTED"].contains(status) }

  /// Why it has no effect; nil where it has.
  var error: ServiceError? {
    switch status {
    case "FINISHED": return nil
    case "FAILED":
      // That of the part says more than "one of the statements failed".
      let text = parts.compactMap { $0.status == "FAILED" ? $0.message : nil }.first ?? message
      return redshiftRefusal(text ?? "the statement failed")
    case "ABORTED": return ServiceError(.cancelled, "the statement was cancelled", code: "ABORTED")
    default: return ServiceError(.outcomeUnknown, "the statement is in a state that is not documented")
    }
  }
}

/// The values of a record as texts.
func redshiftRow(_ record: JSONValue, width: Int) throws(ServiceError) -> [String?] {
  guard let fields = record.array, fields.count == width else {
    throw ServiceError(.unreadable, "a row is not in the form announced")
  }
  var values: [String?] = []
  for field in fields {
    if field["isNull"]?.bool == true {
      values.append(nil)
    } else if let text = field["stringValue"]?.string {
      values.append(text)
    } else if let truth = field["booleanValue"]?.bool {
      values.append(truth ? "true" : "false")
    } else if case .number(let number)? = field["longValue"] ?? field["doubleValue"] {
      values.append(number)
    } else {
      throw ServiceError(.unreadable, "a value of a row has no form that is documented")
    }
  }
  return values
}
