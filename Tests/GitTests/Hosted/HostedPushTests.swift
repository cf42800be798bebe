import DriftCore
import Git
import TestSupport
import Testing

struct HostedPushTests {
  private let name = "mooring/salesforce/green"

  @Test func aBranchIsMadeMovedAndDeletedUnderItsLease() async throws {
    let hosted = try HostedOrigin()
    let repository = try hosted.repository()
    let origin = hosted.origin
    let main = try origin.tip(of: "main")
    let one = try await proposal("1\n", in: repository)
    let two = try await proposal("2\n", in: repository)
    func push(from expected: CommitID?, to target: CommitID?) async throws -> [RefOutcome] {
      try await repository.push([RefUpdate(branch: name, expected: expected, target: target)])
    }

    #expect(try await push(from: nil, to: one) == [.updated])
    #expect(try origin.tip(of: name) == one)
    #expect(try await repository.branches().map(\.tip) == [one])
    // Asked twice, done once: the answer may have been lost.
    #expect(try await push(from: nil, to: one) == [.updated])
    #expect(try await push(from: nil, to: two) == [.leaseLost(found: one)])
    #expect(try await push(from: main, to: two) == [.leaseLost(found: one)])
    #expect(try await push(from: one, to: two) == [.updated])
    #expect(try origin.tip(of: name) == two)
    #expect(try await push(from: one, to: nil) == [.leaseLost(found: two)])
    #expect(try await push(from: two, to: nil) == [.updated])
    #expect(try await push(from: two, to: nil) == [.updated])
    #expect(try origin.git("for-each-ref", "--format=%(refname)") == "refs/heads/main")
    #expect(try await repository.branches() == [])
    try origin.git("fsck", "--strict", "--full")
    try GitProgram(in: origin.folder.path("clone"))("fsck", "--strict", "--full")
    #expect(try origin.locks() == [])
  }
}
