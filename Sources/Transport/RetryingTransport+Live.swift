extension RetryingTransport {
  /// The network, as every product but tests uses it.
  package static func live(_ options: LiveTransport.Options = .init()) throws -> RetryingTransport {
    RetryingTransport(try LiveTransport(options))
  }
}
