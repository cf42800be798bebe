/// The server's side of PostgreSQL's protocol, version 3: messages, not what they mean.
///
/// Source: PostgreSQL 15 documentation, "Frontend/Backend Protocol".
struct PostgresWire {
  struct Message {
    var type: Character
    var body: [UInt8]

    /// The texts of the body, each of which ends with a zero byte.
    var texts: [String] {
      body.split(separator: 0, omittingEmptySubsequences: false).map { String(decoding: $0, as: UTF8.self) }
    }
  }

  enum Start {
    case session([String: String])
    case cancel(key: Int)
  }

  private let stream: ByteStream
  private var buffer: [UInt8] = []

  init(_ stream: ByteStream) { self.stream = stream }

  /// What a client begins with; encryption is declined.
  mutating func start() -> Start? {
    while let length = integer(), length >= 8, let code = integer(), let body = bytes(length - 8) {
      switch code {
      case 80_877_103, 80_877_104: guard stream.write([UInt8(ascii: "N")]) else { return nil }
      case 80_877_102: return body.count == 8 ? .cancel(key: Self.integer(body[4...])) : nil
      default:
        let texts = Message(type: " ", body: body).texts
        let pairs = stride(from: 0, to: texts.count - 1, by: 2).map { (texts[$0], texts[$0 + 1]) }
        return .session(Dictionary(pairs) { first, _ in first })
      }
    }
    return nil
  }

  /// Nil where the client has gone.
  mutating func next() -> Message? {
    guard let type = bytes(1)?.first, let length = integer(), length >= 4, let body = bytes(length - 4) else {
      return nil
    }
    return Message(type: Character(Unicode.Scalar(type)), body: body)
  }

  /// Returns false where the client has gone.
  func send(_ messages: [Message]) -> Bool {
    var bytes: [UInt8] = []
    for message in messages {
      bytes.append(message.type.asciiValue ?? 0)
      bytes += Self.bytes(message.body.count + 4) + message.body
    }
    return stream.write(bytes)
  }

  static func bytes(_ value: Int) -> [UInt8] { (0..<4).map { UInt8(truncatingIfNeeded: value >> (24 - 8 * $0)) } }

  private static func integer(_ bytes: some Sequence<UInt8>) -> Int { bytes.reduce(0) { $0 << 8 | Int($1) } }

  private mutating func integer() -> Int? { bytes(4).map(Self.integer) }

  private mutating func bytes(_ count: Int) -> [UInt8]? {
    while buffer.count < count {
      guard let more = stream.read() else { return nil }
      buffer += more
    }
    defer { buffer.removeFirst(count) }
    return Array(buffer.prefix(count))
  }
}

extension PostgresWire.Message {
  private static func text(_ text: String) -> [UInt8] { Array(text.utf8) + [0] }
  private static func short(_ value: Int) -> [UInt8] { Array(PostgresWire.bytes(value).suffix(2)) }

  /// - Parameter method: 0 is "you are in", 5 asks for a password with MD5.
  static func authentication(_ method: Int, salt: [UInt8] = []) -> Self {
    Self(type: "R", body: PostgresWire.bytes(method) + salt)
  }

  static func parameter(_ name: String, _ value: String) -> Self { Self(type: "S", body: text(name) + text(value)) }

  static func key(_ key: Int) -> Self { Self(type: "K", body: PostgresWire.bytes(key) + PostgresWire.bytes(key)) }

  /// - Parameter status: `I` idle, `T` in a transaction, `E` in one that failed.
  static func ready(_ status: Character) -> Self { Self(type: "Z", body: [status.asciiValue ?? 0]) }

  static func error(_ severity: String = "ERROR", state: String, _ message: String) -> Self {
    Self(type: "E", body: text("S" + severity) + text("C" + state) + text("M" + message) + [0])
  }

  /// Every column is text.
  static func columns(_ names: [String]) -> Self {
    if names.isEmpty { return Self(type: "n", body: []) }
    let type: [UInt8] = PostgresWire.bytes(0) + short(0) + PostgresWire.bytes(25)
    let form: [UInt8] = short(-1) + PostgresWire.bytes(-1) + short(0)
    var body = short(names.count)
    for name in names { body += text(name) + type + form }
    return Self(type: "T", body: body)
  }

  static func row(_ values: [String?]) -> Self {
    var body = short(values.count)
    for value in values { body += PostgresWire.bytes(value?.utf8.count ?? -1) + Array((value ?? "").utf8) }
    return Self(type: "D", body: body)
  }

  static func complete(_ tag: String) -> Self { Self(type: "C", body: text(tag)) }
}
