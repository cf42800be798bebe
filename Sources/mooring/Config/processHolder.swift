import FoundationEssentials
import Glibc
import Reconciliation

/// This process: `process 4711 on build-7 (5f3c2a1b 4026531836 98123)`. In brackets what tells it from every other one:
/// the machine's boot, the namespace of process numbers, and when it began.
///
/// Of another process of the same boot and namespace it can be told whether it has ended; of any other nothing is known.
func processHolder() -> Holder {
  let place = "\(bootID()) \(processNamespace())"
  var name = [CChar](repeating: 0, count: 256)
  gethostname(&name, name.count - 1)
  let host = String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  let own = "process \(getpid()) on \(host) (\(place) \(startTime(of: getpid()) ?? "0"))"
  return Holder(own) { other in
    let words = other.split(whereSeparator: { " ()".contains($0) })
    guard words.count == 7, words[0] == "process", let process = pid_t(words[1]),
      "\(words[4]) \(words[5])" == place
    else { return false }
    return startTime(of: process) != String(words[6])
  }
}

private func bootID() -> String {
  let text = (try? String(contentsOfFile: "/proc/sys/kernel/random/boot_id", encoding: .utf8)) ?? "unknown"
  return String(text.prefix(8))
}

private func processNamespace() -> String {
  let link = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/ns/pid")) ?? ""
  let digits = link.filter(\.isNumber)
  return digits.isEmpty ? "0" : digits
}

/// In clock ticks since boot; nil where there is no such process, or only what is left of one.
private func startTime(of process: pid_t) -> String? {
  guard let text = try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8),
    let end = text.lastIndex(of: ")")
  else { return nil }
  let fields = text[end...].split(separator: " ")
  return fields.count > 20 && fields[1] != "Z" ? String(fields[20]) : nil
}
