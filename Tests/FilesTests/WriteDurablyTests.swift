import Files
import Glibc
import TestSupport
import Testing

/// What is written with `writeDurably` on a disk that loses what was not synced.
@Suite struct WriteDurablyTests {
  private static let old = Array("the old one".utf8)
  private static let new = Array("the new one, which is longer".utf8)

  @Test func wheneverThePowerGoesTheFileIsWhole() {
    #expect(problems(without: nil) == [])
  }

  /// The model is worth something only if it notices.
  @Test(arguments: MemoryDisk.Mutation.allCases)
  func withoutASyncOrTheFileBesideItIsSeen(mutation: MemoryDisk.Mutation) {
    #expect(problems(without: mutation) != [])
  }

  @Test(arguments: 1...6)
  func aCallThatFailsLeavesTheOldFileOrTheNewOne(call: Int) throws {
    let disk = MemoryDisk("/a/file", holding: Self.old)
    disk.failAt = call
    #expect(throws: DiskError(ENOSPC)) { try write(on: disk) }
    #expect(disk.findings(at: "/a/file").allSatisfy { $0 == Self.old || $0 == Self.new })
    // The next time nothing is in the way.
    disk.failAt = nil
    try write(on: disk)
    #expect(disk.findings(at: "/a/file") == [Self.new, Self.new])
  }

  @Test func onThisMachineAFileGetsItsBytesAndItsRights() throws {
    let folder = try TemporaryFolder("files")
    let path = folder.path("file")
    try folder.write("left by a kill", to: "file.tmp")
    for bytes in [Self.old, Self.new, []] {
      try writeDurably(bytes, to: path, beside: path + ".tmp", mode: 0o600)
      #expect(folder.read("file") == bytes)
    }
    var status = stat()
    #expect(stat(path, &status) == 0)
    #expect(status.st_mode & 0o777 == 0o600)
    #expect(access(path + ".tmp", F_OK) != 0)
    #expect(throws: DiskError(ENOENT)) {
      try writeDurably([], to: folder.path("absent/file"), beside: folder.path("absent/file.tmp"), mode: 0o600)
    }
  }

  /// What a power cut at each call may leave that is neither the old file nor the new one, and what is lost after the end.
  private func problems(without mutation: MemoryDisk.Mutation?) -> [String] {
    var problems: [String] = []
    for cut in 1...7 {
      let disk = MemoryDisk("/a/file", holding: Self.old, mutation: mutation)
      disk.cutAt = cut
      let isWritten = (try? write(on: disk)) != nil
      for found in disk.findings(at: "/a/file") where found != Self.new && (isWritten || found != Self.old) {
        problems.append("cut at \(cut): \(found.map { String(decoding: $0, as: UTF8.self) } ?? "nothing")")
      }
    }
    return problems
  }

  private func write(on disk: MemoryDisk) throws(DiskError) {
    try writeDurably(Self.new, to: "/a/file", beside: "/a/file.tmp", mode: 0o600, on: disk)
  }
}
