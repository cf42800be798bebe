import DriftCore
import FoundationEssentials

/// The machine's clock, to the microsecond.
func currentTime() -> Timestamp {
  Timestamp(microseconds: Int64((Date().timeIntervalSince1970 * 1_000_000).rounded()))
}
