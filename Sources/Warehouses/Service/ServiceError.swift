import DriftCore

/// What a warehouse that is reached over HTTP, or the way to it, said instead of an answer. Holds no header and no body.
package struct ServiceError: Error, Hashable, Sendable, CustomStringConvertible {
  package enum Kind: Hashable, Sendable {
    /// What mooring.yaml says of the destination cannot be used.
    case settings
    /// The service does not take the token, or gives none.
    case unauthorized
    /// A right is missing, or the role is not the user's.
    case forbidden
    /// An object is not there, or the role may not know of it.
    case missing
    /// An object of the name is there already.
    case exists
    /// The type cannot become the other one in place.
    case typeChange
    /// A column without NULL needs values in the rows that are there.
    case notEmpty
    /// Something depends on what the statement changes.
    case dependants
    case syntax
    /// Another statement holds the table; nothing was done.
    case conflict
    /// Too many requests; nothing was done.
    case rateLimited
    /// It took longer than allowed, and the service ended it.
    case timedOut
    /// Ended by somebody else.
    case cancelled
    /// The service cannot be reached or is ill. Nothing was done.
    case unavailable
    /// The answer to a merged statement was lost, or the process that sent it ended: it may have run or not.
    case outcomeUnknown
    /// Another process is at the same step.
    case underWay
    /// Part of a result is missing.
    case incomplete
    /// What came back is not what this driver reads.
    case unreadable
    /// Anything else that the service refused.
    case refused
  }

  package var kind: Kind
  package var activity: String
  /// Account and database, project or host.
  package var place: String
  package var message: String
  /// The service's own name or number of the error.
  package var code: String?
  /// Instead of what the kind says.
  package var hint: String?

  package init(
    _ kind: Kind, _ message: String, code: String? = nil, hint: String? = nil, activity: String = "", place: String = ""
  ) {
    self.kind = kind
    self.message = message
    self.code = code
    self.hint = hint
    self.activity = activity
    self.place = place
  }

  package var description: String {
    let head = [activity.isEmpty ? nil : activity, place.isEmpty ? nil : "in \(place)"].compactMap(\.self)
    let text = head.isEmpty ? message : head.joined(separator: " ") + ": " + message
    return text + (code.map { " (\($0))" } ?? "") + ((hint ?? wayOut).map { "\n  hint: \($0)" } ?? "")
  }

  private var wayOut: String? {
    switch kind {
    case .settings: "correct the destination in mooring.yaml"
    case .unauthorized: "check the key or token of the destination, and whether it was revoked or has expired"
    case .forbidden: "the role needs the rights that docs/warehouses.md lists"
    case .missing: "check the name; a warehouse also says this of what the role has no right to"
    case .exists: "somebody else has made it; the next run reads the table again"
    case .typeChange: "the change needs a new column and a copy: propose it anew"
    case .notEmpty: "fill the column first, then forbid NULL"
    case .dependants: "a view or key depends on it: change that first, or propose another way"
    case .syntax: "a merged statement is not one of this warehouse: correct up.sql"
    case .conflict, .rateLimited, .cancelled: "the next run tries again"
    case .timedOut: "it took longer than allowed; the next run looks at what is there and tries again"
    case .unavailable: "nothing was written; check that the service may be reached"
    case .outcomeUnknown: "nothing runs twice: the next run looks up what became of it first"
    case .underWay: "the next run looks at it again"
    case .incomplete: "nothing was concluded from it; the next run reads it again"
    case .unreadable, .refused: nil
    }
  }
}

extension ServiceError: ClassifiedError {
  package var failureClass: String { code ?? "\(kind)" }
  package var isOutcomeUnknown: Bool { kind == .outcomeUnknown }
}

extension ServiceError {
  /// Text from outside, on one line and of a length that can be read.
  static func said(_ text: String) -> String {
    let line = text.unicodeScalars.map { $0.properties.isWhitespace || $0.value < 0x20 || $0.value == 0x7F ? " " : $0 }
    return String(String.UnicodeScalarView(line).prefix(500))
  }
}

/// Runs `body`; its error gets the activity and the place, unless a deeper layer gave them.
func naming<Value>(
  _ activity: String, _ place: String, _ body: () async throws -> Value
) async throws -> Value {
  do {
    return try await body()
  } catch var error as ServiceError {
    if error.activity.isEmpty { error.activity = activity }
    if error.place.isEmpty { error.place = place }
    throw error
  }
}
