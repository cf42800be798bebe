/// Returns the word for which a column's name suggests personal data; nil where none does.
///
/// Whole words count, so `emailed_at` and `phonetic` are not taken for an address or a number.
func sensitiveWord(in name: ColumnName) -> String? {
  let words = name.text.lowercased().split(separator: "_").map(String.init)
  let joined = "_" + words.joined(separator: "_") + "_"
  if harmlessSuffixes.contains(where: { joined.hasSuffix("_\($0)_") }) { return nil }
  return sensitiveWords.first { joined.contains("_\($0)_") }
}

/// The longer phrase stands first.
private let sensitiveWords = [
  "first_name", "last_name", "middle_name", "full_name", "maiden_name", "date_of_birth",
  "birth_date", "birthdate", "birthday", "dob", "email", "phone", "mobile", "fax", "ssn",
  "social_security", "passport", "national_id", "tax_id", "iban", "credit_card", "card_number",
  "cvv", "ip_address", "street", "home_address", "latitude", "longitude", "salary", "gender",
  "ethnicity", "religion", "health", "diagnosis", "password", "secret",
]

/// Facts about a contact, not the contact itself.
private let harmlessSuffixes = [
  "opt_out", "opt_in", "bounced_date", "bounced_reason", "count", "at", "date", "type", "status",
  "verified", "id", "enabled", "flag",
]
