/// Whether the text is made of ASCII letters, digits and the marks, so that it leads nowhere else as a part of an address.
func isPlain(_ text: String, marks: String = "-") -> Bool {
  !text.isEmpty
    && text.utf8.allSatisfy { byte in
      switch byte {
      case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
      default: marks.utf8.contains(byte)
      }
    }
}
