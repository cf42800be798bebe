#pragma once
#include <git2.h>
#include <git2/sys/email.h>
#include <git2/sys/mempack.h>
#include <git2/sys/odb_backend.h>
#include <git2/sys/repository.h>
#include <git2/sys/stream.h>
#include <spawn.h>

/* git_libgit2_opts is variadic, which Swift cannot call: one function per argument type. */
static inline int cgit2_opt_ssize(int option, ssize_t value) { return git_libgit2_opts(option, value); }
static inline int cgit2_opt_int(int option, int value) { return git_libgit2_opts(option, value); }
static inline int cgit2_cache_object_limit(git_object_t type, size_t value) {
  return git_libgit2_opts(GIT_OPT_SET_CACHE_OBJECT_LIMIT, type, value);
}
static inline int cgit2_search_path(int level, const char *path) {
  return git_libgit2_opts(GIT_OPT_SET_SEARCH_PATH, level, path);
}
static inline int cgit2_user_agent(const char *name) {
  return git_libgit2_opts(GIT_OPT_SET_USER_AGENT, name);
}
static inline int cgit2_extension(const char *name) {
  return git_libgit2_opts(GIT_OPT_SET_EXTENSIONS, &name, (size_t)1);
}
/* The initialiser is a macro, which Swift does not import. */
static inline git_email_create_options cgit2_email_options(void) {
  git_email_create_options options = GIT_EMAIL_CREATE_OPTIONS_INIT;
  return options;
}

/* A stream of ours: libgit2 knows the first member alone. */
typedef struct {
  git_stream parent;
  git_cert certificate;
  void *connection;
} cgit2_stream;
static inline git_cert *cgit2_certificate(git_stream *stream) { return &((cgit2_stream *)stream)->certificate; }
static inline void *cgit2_connection(git_stream *stream) { return ((cgit2_stream *)stream)->connection; }

/* For mooring-git's start. Swift's Glibc leaves out what glibc has beyond POSIX. */
int posix_spawn_file_actions_addclosefrom_np(posix_spawn_file_actions_t *, int);
static inline int cgit2_close_from(posix_spawn_file_actions_t *actions, int first) {
  return posix_spawn_file_actions_addclosefrom_np(actions, first);
}
