/// A name with each character that is not ASCII by its code point, for names that look alike: `nai\u{308}ve`.
package func spelledOut(_ name: String) -> String {
  name.unicodeScalars.map { scalar in
    (0x20...0x7E).contains(scalar.value) ? String(scalar) : "\\u{\(String(scalar.value, radix: 16, uppercase: true))}"
  }.joined()
}
