extension TypeSpelling {
  /// Nil where this row does not spell the type, or where the type is out of bounds.
  func name(of type: ColumnType, in dialect: Dialect) -> String? {
    switch (form, type) {
    case (.plain(type), _), (.fraction(type, _), _): return written
    case (.exact(let numbers, type, _), _):
      return "\(written)(\(numbers.map(String.init).joined(separator: ",")))"
    case (.timestamp(let zoned, let full), .timestamp(let isZoned, let digits)) where zoned == isZoned:
      guard let digits else { return written }
      return (0..<full).contains(digits) ? "\(written)(\(digits))" : nil
    case (.text(let maximum, _), .text(let length?)), (.binary(let maximum, _), .binary(let length?)):
      return (1...maximum).contains(length) ? "\(written)(\(length))" : nil
    case (.character(let maximum, _), .character(let length?)):
      return (1...maximum).contains(length) ? "\(written)(\(length))" : nil
    case (.text(_, type), _), (.character(_, type), _), (.binary(_, type), _): return written
    case (.decimal(let maximum, let maximumScale, _, let whole), .decimal(let precision?, let scale)):
      let scale = scale ?? 0
      guard (1...maximum).contains(precision), (0...min(precision, maximumScale)).contains(scale),
        precision - scale <= whole
      else { return nil }
      return "\(written)(\(precision),\(scale))"
    case (.decimal(_, _, type, _), _): return written
    case (.vector(let element), .vector(let dimensions)):
      return "\(written)(\(element.map { "\($0.uppercased()), " } ?? "")\(dimensions))"
    case (.array(let brackets), .array(let element)):
      return dialect.typeName(element).flatMap { enclosed($0, brackets) }
    case (.map(let brackets), .map(let key, let value)):
      guard let key = dialect.typeName(key), let value = dialect.typeName(value) else { return nil }
      return enclosed("\(key), \(value)", brackets)
    case (.structure(let brackets, let separator), .structure(let fields)):
      let parts = fields.compactMap { field in
        dialect.typeName(field.type).map { "\(field.name.text)\(separator)\($0)" }
      }
      guard parts.count == fields.count, !parts.isEmpty, fields.allSatisfy({ isWord($0.name) }) else { return nil }
      return enclosed(parts.joined(separator: ", "), brackets)
    case (.plain, _), (.fraction, _), (.exact, _), (.timestamp, _), (.text, _), (.character, _), (.binary, _),
      (.decimal, _),
      (.mantissa, _), (.vector, _), (.array, _), (.map, _), (.structure, _):
      return nil
    }
  }

  /// Square brackets are read and not written: no statement holds one.
  private func enclosed(_ inner: String, _ brackets: Brackets) -> String? {
    switch brackets {
    case .angle: "\(written)<\(inner)>"
    case .round: "\(written)(\(inner))"
    case .square: nil
    }
  }
}

/// Fields are written without quotes: a name that needs some is not written at all.
private func isWord(_ name: ColumnName) -> Bool {
  guard let first = name.text.utf8.first, !(0x30...0x39).contains(first) else { return false }
  return name.text.utf8.allSatisfy {
    $0 == 0x5F || (0x30...0x39).contains($0) || (0x41...0x5A).contains($0) || (0x61...0x7A).contains($0)
  }
}
