import DriftCore
import Glibc
import Storage
import TestSupport
import Testing

@Suite struct CacheTests {
  @Test func aValueIsKeptReplacedAndFoundByItsExactKey() async throws {
    let folder = try TemporaryFolder("cache")
    for cache: any Cache in [try SQLiteCache(path: folder.path("cache.sqlite")), MemoryCache()] {
      #expect(try await cache.value(for: "a") == nil)
      try await cache.set("one", for: "a")
      try await cache.set("", for: "A")
      try await cache.set("two\n'\"", for: "a")
      #expect(try await cache.value(for: "a") == "two\n'\"")
      #expect(try await cache.value(for: "A") == "")
    }
  }

  @Test func theFileOutlivesItsReader() async throws {
    let folder = try TemporaryFolder("cache")
    try await SQLiteCache(path: folder.path("cache.sqlite")).set("kept", for: "a")
    let again = try SQLiteCache(path: folder.path("cache.sqlite"))
    #expect(again.warning == nil)
    #expect(try await again.value(for: "a") == "kept")
  }

  @Test func onlyTheOwnerReadsTheFileAndTheFolderThatWereMade() async throws {
    let folder = try TemporaryFolder("cache")
    let path = folder.path("state/cache.sqlite")
    let cache = try SQLiteCache(path: path)
    try await cache.set("one", for: "a")
    #expect(mode(of: folder.path("state")) == 0o700)
    for suffix in ["", "-wal", "-shm"] { #expect(mode(of: path + suffix) == 0o600) }
  }

  @Test func twoReadersAtOnceSeeEachOther() async throws {
    let folder = try TemporaryFolder("cache")
    let path = folder.path("cache.sqlite")
    try await withThrowingTaskGroup(of: Void.self) { group in
      for writer in 0..<4 {
        group.addTask {
          let cache = try SQLiteCache(path: path)
          for number in 0..<25 { try await cache.set("\(number)", for: "\(writer).\(number)") }
        }
      }
      try await group.waitForAll()
    }
    let cache = try SQLiteCache(path: path)
    for writer in 0..<4 {
      for number in 0..<25 {
        #expect(try await cache.value(for: "\(writer).\(number)") == "\(number)")
      }
    }
  }

  @Test func aFileThatIsNoDatabaseIsMovedAside() async throws {
    let folder = try TemporaryFolder("cache")
    let text = String(repeating: "this is not a database. ", count: 400)
    try folder.write(text, to: "cache.sqlite")
    let cache = try SQLiteCache(path: folder.path("cache.sqlite"))
    #expect(cache.warning?.contains("cache.sqlite.unreadable") == true)
    #expect(folder.read("cache.sqlite.unreadable") == Array(text.utf8))
    try await cache.set("one", for: "a")
    #expect(try await cache.value(for: "a") == "one")
  }

  @Test func severalThatMeetABrokenFileEndUpWithOneCache() async throws {
    let folder = try TemporaryFolder("cache")
    try folder.write(String(repeating: "broken", count: 2000), to: "cache.sqlite")
    let path = folder.path("cache.sqlite")
    try await withThrowingTaskGroup(of: Void.self) { group in
      for writer in 0..<4 {
        group.addTask { try await SQLiteCache(path: path).set("here", for: "\(writer)") }
      }
      try await group.waitForAll()
    }
    let cache = try SQLiteCache(path: path)
    for writer in 0..<4 { #expect(try await cache.value(for: "\(writer)") == "here") }
  }

  @Test func aCacheThatCannotBeMadeIsNamed() throws {
    let folder = try TemporaryFolder("cache")
    try folder.write("in the way", to: "file")
    let path = folder.path("file/cache.sqlite")
    #expect {
      try SQLiteCache(path: path)
    } throws: { error in
      (error as? CacheError)?.path == path && "\(error)".contains("--state")
    }
  }

  @Test func aFolderInThePlaceOfTheFileIsNamedAndLeftAlone() throws {
    let folder = try TemporaryFolder("cache")
    try folder.write("mine", to: "cache.sqlite/precious")
    #expect(throws: CacheError.self) { try SQLiteCache(path: folder.path("cache.sqlite")) }
    #expect(folder.read("cache.sqlite/precious") == Array("mine".utf8))
  }
}

private func mode(of path: String) -> Int? {
  var information = stat()
  guard stat(path, &information) == 0 else { return nil }
  return Int(information.st_mode & 0o777)
}
