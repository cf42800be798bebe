/// What a forge makes of the wish to merge a pull request by itself, once its own rules allow it.
package enum AutoMerge: Hashable, Sendable {
  /// It will, or has done so.
  case armed
  /// Not now: what it would wait for is not there yet. Asked again in the next run.
  case notYet(String)
  /// Not as the repository is set up; the text says what to change.
  case refused(String)
}
