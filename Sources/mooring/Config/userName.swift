import Glibc

/// Whose account this is; nil where the machine does not know.
func userName() -> String? { getpwuid(geteuid()).flatMap { $0.pointee.pw_name }.map { String(cString: $0) } }
