import DriftCore

/// A forge on the network: how it calls things, and what it takes.
struct HostedProduct: Hashable, Sendable {
  var name: String
  var noun = "pull request"
  /// In front of a number.
  var mark = "#"
  /// What the token has to be allowed, for errors.
  var rights: String
  /// Of a title, in Unicode scalars.
  var titleLimit = 250
  /// Of a text, in bytes.
  var bodyLimit = 150_000
  /// Of a commit status, in Unicode scalars.
  var statusLimit = 255
  /// What it calls the two states of a commit status that are no success.
  var failure = "failure"
  var error = "error"
  /// Between two writes.
  var spacing = Duration.milliseconds(200)
  /// Carries out lines of a text that begin with a slash.
  var obeysText = false
}
