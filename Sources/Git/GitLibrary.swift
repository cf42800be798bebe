import CGit2

/// libgit2, set up once for the process.
package enum GitLibrary {
  /// Starts libgit2: no setting of the host leaks in, and what is written is synced to the disk.
  package static let start: Void = {
    git_libgit2_init()
    for level in [
      GIT_CONFIG_LEVEL_SYSTEM, GIT_CONFIG_LEVEL_XDG, GIT_CONFIG_LEVEL_GLOBAL,
      GIT_CONFIG_LEVEL_PROGRAMDATA,
    ] {
      _ = cgit2_search_path(level.rawValue, "")
    }
    // Its own check answers with a message about a setting that cannot be found; ours names owner and way out.
    set(GIT_OPT_SET_OWNER_VALIDATION, 0)
    set(GIT_OPT_ENABLE_FSYNC_GITDIR, 1)
    set(GIT_OPT_ENABLE_STRICT_OBJECT_CREATION, 1)
    set(GIT_OPT_ENABLE_STRICT_HASH_VERIFICATION, 1)
    _ = cgit2_opt_ssize(Int32(GIT_OPT_SET_CACHE_MAX_SIZE.rawValue), 64 << 20)
    // A folder of 2,000 tables is a tree of 100 kB, and each edit walks through it: by default only 4 kB are kept.
    _ = cgit2_cache_object_limit(GIT_OBJECT_TREE, 4 << 20)
    // Sparse checkouts set it. It only says where a work tree keeps settings of its own, which are not read here.
    _ = cgit2_extension("worktreeconfig")
  }()

  private static func set(_ option: git_libgit2_opt_t, _ value: Int32) {
    _ = cgit2_opt_int(Int32(option.rawValue), value)
  }
}
