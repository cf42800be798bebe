package import Glibc

/// Writes a file whole or not at all, also where the machine loses its power; once it returns, for good.
///
/// The bytes go to a file beside it, which is synced before it takes the name, and the folder is synced after. A file that an
/// earlier kill left beside it is written over, so writers of one file must take turns. Where syncing fails nothing is known
/// of the bytes: it is not tried again, and what had the name keeps it.
package func writeDurably(
  _ bytes: [UInt8], to path: String, beside: String, mode: mode_t, on disk: some Disk = MachineDisk()
) throws(DiskError) {
  let file = try disk.create(beside, mode: mode)
  do throws(DiskError) {
    try disk.write(bytes, to: file)
    try disk.sync(file)
  } catch {
    disk.close(file)
    throw error
  }
  disk.close(file)
  try disk.rename(beside, to: path)
  let folder = try disk.openFolder(folder(of: path))
  defer { disk.close(folder) }
  try disk.sync(folder)
}

private func folder(of path: String) -> String {
  guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return "." }
  return slash == path.startIndex ? "/" : String(path[..<slash])
}
