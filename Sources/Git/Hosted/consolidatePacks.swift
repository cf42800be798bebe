import CGit2
import Glibc

/// Puts small packs together where there are many: each fetch leaves one. Whether it did.
///
/// Costs as much as the small packs hold. What is large stays as it is.
package func consolidatePacks(
  of repository: String, whereMoreThan limit: Int = 50, sizeOfSmall: Int = 4 << 20
) throws(GitError) -> Bool {
  GitLibrary.start
  return try consolidatePacks(
    of: repository, Activity("putting packs together", at: repository), whereMoreThan: limit,
    sizeOfSmall: sizeOfSmall)
}

func consolidatePacks(
  of repository: String, _ activity: Activity, whereMoreThan limit: Int = 50, sizeOfSmall: Int = 4 << 20
) throws(GitError) -> Bool {
  let folder = "\(repository)/objects/pack"
  let small = folderEntries(folder).filter { name in
    var status = stat()
    guard name.hasSuffix(".idx"), lstat("\(folder)/\(name.dropLast(3))pack", &status) == 0 else { return false }
    return status.st_size <= sizeOfSmall
  }
  guard small.count > limit else { return false }
  let handle = try Handle(activity, free: git_repository_free) { git_repository_open_bare(&$0, repository) }
  let builder = try Handle(activity, free: git_packbuilder_free) { git_packbuilder_new(&$0, handle.raw) }
  _ = git_packbuilder_set_threads(builder.raw, 1)
  for object in try objects(inPacks: small.map { "\(folder)/\($0)" }, activity) {
    var id = object.git
    try activity.check(git_packbuilder_insert(builder.raw, &id, nil))
  }
  try activity.check(git_packbuilder_write(builder.raw, folder, 0, nil, nil))
  let new = git_packbuilder_name(builder.raw).map { "pack-\(String(cString: $0)).idx" }
  for index in small where index != new {
    // Without its index a pack is no pack to anybody.
    for path in ["\(folder)/\(index)", "\(folder)/\(index.dropLast(3))pack"] where unlink(path) != 0 {
      throw activity.system(path)
    }
  }
  return true
}

private func objects(inPacks indexes: [String], _ activity: Activity) throws(GitError) -> [ObjectID] {
  let database = try Handle(activity, free: git_odb_free) { git_odb_new(&$0) }
  for index in indexes {
    var pack: UnsafeMutablePointer<git_odb_backend>?
    try activity.check(git_odb_backend_one_pack(&pack, index))
    // The database frees it.
    try activity.check(git_odb_add_backend(database.raw, pack, 1))
  }
  let found = Found()
  let code = withExtendedLifetime(found) {
    git_odb_foreach(
      database.raw,
      { id, found in
        guard let id, let found else { return -1 }
        Unmanaged<Found>.fromOpaque(found).takeUnretainedValue().objects.insert(id.pointee.objectID)
        return 0
      }, Unmanaged.passUnretained(found).toOpaque())
  }
  try activity.check(code)
  return found.objects.sorted { $0.hexadecimal < $1.hexadecimal }
}

/// What a callback of libgit2's has counted.
private final class Found {
  var objects: Set<ObjectID> = []
}
