/// The rule whose columns are hashed before they are promised.
let sensitiveRule = "column.added.sensitive"

/// Returns the word for which a column's name suggests personal data; nil where none does.
///
/// Whole words count, so `emailed_at` and `phonetic` are not taken for an address or a number.
func sensitiveWord(in name: ColumnName) -> String? {
  let words = name.text.lowercased().split(separator: "_").map(String.init)
  guard let last = words.last else { return nil }
  if harmlessEnds.contains(last) { return nil }
  if words.count >= 2, harmlessEnds.contains("\(words[words.count - 2])_\(last)") { return nil }
  for length in [3, 2, 1] where words.count >= length {
    for start in 0...words.count - length {
      let phrase = length == 1 ? words[start] : words[start..<start + length].joined(separator: "_")
      if sensitiveWords.contains(phrase) { return phrase }
    }
  }
  return nil
}

private let sensitiveWords: Set<String> = [
  "first_name", "last_name", "middle_name", "full_name", "maiden_name", "date_of_birth",
  "birth_date", "birthdate", "birthday", "dob", "email", "phone", "mobile", "fax", "ssn",
  "social_security", "passport", "national_id", "tax_id", "iban", "credit_card", "card_number",
  "cvv", "ip_address", "street", "home_address", "latitude", "longitude", "salary", "gender",
  "ethnicity", "religion", "health", "diagnosis", "password", "secret",
]

/// Facts about a contact, not the contact itself. A custom-field suffix after them is not seen through.
private let harmlessEnds: Set<String> = [
  "opt_out", "opt_in", "bounced_date", "bounced_reason", "count", "at", "type", "status",
  "verified", "enabled", "flag",
]
