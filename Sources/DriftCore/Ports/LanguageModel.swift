/// A guarded adviser: it gets fixed choices and its answer is decoded or discarded.
package protocol LanguageModel: Sendable {
  /// As pull requests name it; part of a question's fingerprint.
  var name: String { get }
  func answer(_ question: Question) async throws -> Opinion
}
