/// How one warehouse spells one kind of type: the same row reads the spelling and writes it.
struct TypeSpelling: Sendable {
  enum Form: Sendable {
    /// Takes no parameter.
    case plain(ColumnType)
    /// Takes a length; `bare` is what the name means without one.
    case text(maximum: Int, bare: ColumnType)
    /// Takes precision and scale, and at most `whole` digits before the point; `bare` is what the name means alone.
    case decimal(precision: Int, scale: Int, bare: ColumnType, whole: Int = .max)
    /// Takes precision and scale; only these, or none, are the type, and are written.
    case exact(precision: Int, scale: Int, ColumnType)
    /// Takes a size, such as a count of fraction digits, also before further words; only the full one is the type.
    case fraction(ColumnType, digits: Int)
    /// Takes a count of mantissa bits: up to 24 is a 32-bit float.
    case mantissa
  }

  /// Lower case.
  let names: [String]
  /// The first name, in the case that it is written in.
  let written: String
  let form: Form

  init(_ written: String, _ synonyms: String..., form: Form) {
    self.written = written
    names = [written.lowercased()] + synonyms
    self.form = form
  }

  init(_ written: String, _ synonyms: String..., type: ColumnType) {
    self.written = written
    names = [written.lowercased()] + synonyms
    form = .plain(type)
  }

  func type(_ text: TypeText) -> ColumnType? {
    guard names.contains(text.base) else { return nil }
    let parameters = text.parameters
    switch form {
    case .fraction(let type, let digits):
      return parameters.isEmpty || parameters == [digits] ? type : nil
    case .plain(let type):
      return parameters.isEmpty && !text.hasTail ? type : nil
    case .text(let maximum, let bare):
      if parameters.isEmpty { return bare }
      guard !text.hasTail, parameters.count == 1, (1...maximum).contains(parameters[0]) else {
        return nil
      }
      return .text(length: parameters[0])
    case .exact(let precision, let scale, let type):
      // A scale that is not given is 0.
      let given = parameters.count == 1 ? parameters + [0] : parameters
      return !text.hasTail && (given.isEmpty || given == [precision, scale]) ? type : nil
    case .decimal(let maximum, let maximumScale, let bare, let whole):
      guard let precision = parameters.first else { return bare }
      let scale = parameters.count == 2 ? parameters[1] : 0
      guard !text.hasTail, (1...maximum).contains(precision),
        (0...min(precision, maximumScale)).contains(scale), precision - scale <= whole
      else { return nil }
      return .decimal(precision: precision, scale: scale)
    case .mantissa:
      guard let bits = parameters.first else { return .float(bits: 64) }
      guard !text.hasTail, parameters.count == 1, (1...53).contains(bits) else { return nil }
      return .float(bits: bits <= 24 ? 32 : 64)
    }
  }

  /// Nil where this row does not spell the type, or where the type is out of bounds.
  func name(of type: ColumnType) -> String? {
    switch (form, type) {
    case (.plain(type), _): return written
    case (.fraction(type, _), _): return written
    case (.exact(let precision, let scale, type), _): return "\(written)(\(precision),\(scale))"
    case (.text(let maximum, _), .text(let length?)):
      return (1...maximum).contains(length) ? "\(written)(\(length))" : nil
    case (.text(_, type), _): return written
    case (.decimal(let maximum, let maximumScale, _, let whole), .decimal(let precision?, let scale)):
      let scale = scale ?? 0
      guard (1...maximum).contains(precision), (0...min(precision, maximumScale)).contains(scale),
        precision - scale <= whole
      else { return nil }
      return "\(written)(\(precision),\(scale))"
    case (.decimal(_, _, type, _), _): return written
    case (.plain, _), (.fraction, _), (.exact, _), (.text, _), (.decimal, _), (.mantissa, _): return nil
    }
  }
}

extension Dialect {
  /// Reads a type as the catalogue or a person spells it. Synonyms are equal; what is not known is kept as it was.
  package func parseType(_ spelled: String) -> ColumnType {
    guard let text = TypeText(spelled) else { return .unrecognized(spelled) }
    for spelling in types {
      if let type = spelling.type(text) { return type }
    }
    return .unrecognized(spelled)
  }

  /// How DDL spells a type; nil for one that is not recognized or out of the warehouse's bounds.
  package func typeName(_ type: ColumnType) -> String? {
    for spelling in types {
      if let name = spelling.name(of: type) { return name }
    }
    return substitutes[type].flatMap { typeName($0) }
  }

  /// The type that a column written as `type` has from then on: another one where the warehouse keeps several alike.
  package func stored(_ type: ColumnType) -> ColumnType { typeName(type).map(parseType) ?? type }
}
