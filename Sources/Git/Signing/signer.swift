import DriftCore

/// Who signed a commit object, as far as the allowed signers say so.
///
/// - Parameters:
///   - own: keys that sign for Mooring: what it signed is no person's word.
///   - now: a key that has run out signs nothing any more, whatever time the commit bears.
func signer(
  of object: [UInt8], among allowed: AllowedSigners, own: [[UInt8]], now: Timestamp
) -> CommitSigner {
  guard let commit = SignedCommit(object) else {
    return .refused("it is not in the form that git writes, or is signed twice")
  }
  guard let text = commit.signature else { return .unsigned }
  guard SSHSignature.isArmored(text) else {
    let kind = text.hasPrefix("-----BEGIN PGP") ? "OpenPGP" : "something other than SSH"
    return .refused("it is signed with \(kind), and only SSH signatures count: git config gpg.format ssh")
  }
  guard let signature = SSHSignature(armored: text) else { return .refused("its signature is damaged") }
  guard signature.namespace == SSHSignature.namespace else {
    return .refused("its signature is for another purpose, \"\(signature.namespace.prefix(40))\", than git")
  }
  let key = signature.publicKey
  if own.contains(key.blob) { return .refused("it is signed by Mooring itself") }
  let time = Timestamp(microseconds: commit.time * 1_000_000)
  let answer = allowed.signer(with: key, at: [time, now])
  guard case .allowed = answer else { return answer }
  if !key.isUsable { return .refused("keys of the kind \"\(key.kind)\" are not verified") }
  guard signature.holds(for: commit.payload) else {
    return .refused("its signature does not hold for what the commit says")
  }
  return answer
}
