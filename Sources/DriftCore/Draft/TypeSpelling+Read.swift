extension TypeSpelling {
  /// Nil where this row does not spell the type.
  func type(_ text: TypeText, in dialect: Dialect) -> ColumnType? {
    if text.dimensions > 0 {
      guard case .array(.square) = form else { return nil }
      // However many dimensions an array was declared with, it is one type.
      var element = text
      element.dimensions = 0
      return dialect.type(element).map { .array($0) }
    }
    guard names.contains(text.base) else { return nil }
    switch form {
    case .vector(let element): return vector(text, element: element)
    case .array(let brackets):
      guard let inner = types(in: text, brackets, dialect), inner.count == 1 else { return nil }
      return .array(inner[0].type)
    case .map(let brackets):
      guard let inner = types(in: text, brackets, dialect), inner.count == 2 else { return nil }
      return .map(key: inner[0].type, value: inner[1].type)
    case .structure(let brackets, _):
      guard let inner = types(in: text, brackets, dialect) else { return nil }
      let fields = inner.compactMap { part in part.name.map { StructureField(ColumnName($0), part.type) } }
      guard fields.count == inner.count, Set(fields.map { $0.name.text.lowercased() }).count == fields.count
      else { return nil }
      return .structure(fields)
    case .plain, .text, .character, .binary, .decimal, .exact, .fraction, .timestamp, .mantissa:
      return text.parameters.flatMap { type($0, hasTail: text.hasTail) }
    }
  }

  private func type(_ parameters: [Int], hasTail: Bool) -> ColumnType? {
    switch form {
    case .fraction(let type, let digits):
      return parameters.isEmpty || parameters == [digits] ? type : nil
    case .timestamp(let zoned, let digits):
      guard parameters.count <= 1 else { return nil }
      guard let given = parameters.first, given != digits else { return .timestamp(zoned: zoned) }
      return given < digits ? .timestamp(zoned: zoned, digits: given) : nil
    case .plain(let type):
      return parameters.isEmpty && !hasTail ? type : nil
    case .text(let maximum, let bare), .binary(let maximum, let bare):
      if parameters.isEmpty { return bare }
      guard !hasTail, parameters.count == 1, (1...maximum).contains(parameters[0]) else { return nil }
      if case .binary = form { return .binary(length: parameters[0]) }
      return .text(length: parameters[0])
    case .character(let maximum, let bare):
      if parameters.isEmpty { return hasTail ? nil : bare }
      guard !hasTail, parameters.count == 1, (1...maximum).contains(parameters[0]) else { return nil }
      return .character(length: parameters[0])
    case .exact(let numbers, let type, let bare):
      // A scale that is not given is 0.
      let given = parameters.count == 1 && numbers.count == 2 ? parameters + [0] : parameters
      return !hasTail && (given.isEmpty ? bare : given == numbers) ? type : nil
    case .decimal(let maximum, let maximumScale, let bare, let whole):
      guard let precision = parameters.first else { return bare }
      let scale = parameters.count == 2 ? parameters[1] : 0
      guard !hasTail, (1...maximum).contains(precision),
        (0...min(precision, maximumScale)).contains(scale), precision - scale <= whole
      else { return nil }
      return .decimal(precision: precision, scale: scale)
    case .mantissa:
      guard let bits = parameters.first else { return .float(bits: 64) }
      guard !hasTail, parameters.count == 1, (1...53).contains(bits) else { return nil }
      return .float(bits: bits <= 24 ? 32 : 64)
    case .vector, .array, .map, .structure: return nil
    }
  }

  private func vector(_ text: TypeText, element: String?) -> ColumnType? {
    var arguments = text.arguments
    if let element {
      guard case .type(nil, let inner) = arguments.first, inner.base == element, inner.arguments.isEmpty
      else { return nil }
      arguments.removeFirst()
    }
    guard arguments.count == 1, case .number(let dimensions) = arguments[0], dimensions > 0, !text.hasTail
    else { return nil }
    return .vector(dimensions: dimensions)
  }

  private func types(
    in text: TypeText, _ brackets: Brackets, _ dialect: Dialect
  ) -> [(name: String?, type: ColumnType)]? {
    guard text.opening == brackets.opening, !text.hasTail else { return nil }
    var inner: [(name: String?, type: ColumnType)] = []
    for argument in text.arguments {
      guard case .type(let name, let text) = argument, let type = dialect.type(text) else { return nil }
      inner.append((name, type))
    }
    return inner
  }
}

extension TypeSpelling.Brackets {
  /// No arguments stand in square brackets.
  fileprivate var opening: UInt8 {
    switch self {
    case .angle: UInt8(ascii: "<")
    case .round: UInt8(ascii: "(")
    case .square: 0
    }
  }
}
