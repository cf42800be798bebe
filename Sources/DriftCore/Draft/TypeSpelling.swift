/// How one warehouse spells one kind of type: the same row reads the spelling and writes it.
struct TypeSpelling: Sendable {
  enum Form: Sendable {
    /// Takes no parameter.
    case plain(ColumnType)
    /// Takes a length; `bare` is what the name means without one.
    case text(maximum: Int, bare: ColumnType)
    /// Takes the one length that every value has; `bare` is what the name means without one, nil where it needs one.
    case character(maximum: Int, bare: ColumnType?)
    /// Takes a length in bytes; `bare` is what the name means without one.
    case binary(maximum: Int, bare: ColumnType)
    /// Takes precision and scale, and at most `whole` digits before the point; `bare` is what the name means alone.
    case decimal(precision: Int, scale: Int, bare: ColumnType, whole: Int = .max)
    /// Takes these numbers and no others, and is written with them; `bare` says whether the name alone is the type too.
    case exact([Int], ColumnType, bare: Bool = true)
    /// Takes a size, such as a count of fraction digits, also before further words; only the full one is the type.
    case fraction(ColumnType, digits: Int)
    /// Takes a count of fraction digits, also before further words; `digits` is the full one.
    case timestamp(zoned: Bool, digits: Int)
    /// Takes a count of mantissa bits: up to 24 is a 32-bit float.
    case mantissa
    /// Takes a count of dimensions, behind the type of an element where there is one.
    case vector(element: String?)
    /// Takes types.
    case array(Brackets)
    case map(Brackets)
    /// Takes names and types, with `separator` between the two.
    case structure(Brackets, separator: String)
  }

  /// Around the types inside a type.
  enum Brackets: Sendable {
    /// `array<integer>`
    case angle
    /// `array(integer)`
    case round
    /// `integer[]`
    case square
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
}

extension Dialect {
  /// Reads a type as the catalogue or a person spells it. Synonyms are equal; what is not known is kept as it was.
  package func parseType(_ spelled: String) -> ColumnType {
    if let type = TypeText(spelled).flatMap(type) { return type }
    return spelled == decimalWithoutDigits ? .decimal(precision: nil, scale: nil) : .unrecognized(spelled)
  }

  /// Whether two types are known to differ. Where every decimal of the warehouse has its digits, of one without them only
  /// that it is a decimal is known.
  func tellsApart(_ from: ColumnType, _ to: ColumnType) -> Bool {
    if from == to { return false }
    if case .unrecognized(let old) = from, case .unrecognized(let new) = to { return !isOneSpelling(old, new) }
    let unknown = ColumnType.decimal(precision: nil, scale: nil)
    guard from.family == .decimal, to.family == .decimal, from == unknown || to == unknown else { return true }
    return typeName(unknown) != nil
  }

  /// Whether two spellings of types that the warehouse has say the same: case and spaces do not count, nor which of two
  /// names is taken.
  private func isOneSpelling(_ old: String, _ new: String) -> Bool {
    guard var old = TypeText(old), var new = TypeText(new), isOther(old), isOther(new) else { return false }
    old.base = fullNames[old.base] ?? old.base
    new.base = fullNames[new.base] ?? new.base
    return old == new
  }

  func type(_ text: TypeText) -> ColumnType? {
    for spelling in types {
      if let type = spelling.type(text, in: self) { return type }
    }
    return nil
  }

  /// Whether the warehouse has the type, be it one that is compared by its spelling alone.
  package func has(_ type: ColumnType) -> Bool {
    guard case .unrecognized(let spelled) = type else { return true }
    return TypeText(spelled).map(isOther) ?? false
  }

  /// Whether a type is one that the warehouse has and that is compared by its spelling alone.
  func isOther(_ text: TypeText) -> Bool {
    otherTypes.contains(text.base) || otherTypes.contains(String(text.base.prefix { $0 != " " }))
  }

  /// How DDL spells a type; nil for one that is not recognized or out of the warehouse's bounds.
  package func typeName(_ type: ColumnType) -> String? {
    for spelling in types {
      if let name = spelling.name(of: type, in: self) { return name }
    }
    return substitute(for: type).flatMap { typeName($0) }
  }

  /// The type that a column written as `type` has from then on: another one where the warehouse keeps several alike.
  package func stored(_ type: ColumnType) -> ColumnType { typeName(type).map(parseType) ?? type }

  /// The type that a column has where Fivetran lands one of its own types, by either of its names.
  package func landedType(_ fivetran: String) -> ColumnType { stored(landed(ColumnType(fivetran: fivetran))) }

  /// The type whose column holds the values of one that the warehouse does not have.
  private func substitute(for type: ColumnType) -> ColumnType? {
    if let substitute = substitutes[type] { return substitute }
    return switch type {
    case .timestamp(let zoned, _?): .timestamp(zoned: zoned)
    case .binary(_?): .binary(length: nil)
    case .character(let length): .text(length: length)
    case .boolean, .integer, .decimal, .float, .date, .time, .timestamp, .text, .uuid, .json, .xml, .binary,
      .vector, .array, .map, .structure, .unrecognized:
      nil
    }
  }
}

/// Of types that are compared by their spelling.
private let fullNames = ["varbit": "bit varying", "timetz": "time with time zone"]

/// Stands for the type of a decimal whose digits nobody gave, where the warehouse has none without: read, never written.
let decimalWithoutDigits = "DECIMAL with digits that are not given"
