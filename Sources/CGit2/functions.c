/* The functions of libgit2 that are called. */
#include <COnDemand.h>
#include <git2/version.h>

#define FUNCTIONS(X, open)                                                                                            \
  X(open, git_blob_create_from_buffer) X(open, git_blob_free) X(open, git_blob_lookup)                                \
  X(open, git_blob_rawcontent) X(open, git_blob_rawsize) X(open, git_branch_is_checked_out)                           \
  X(open, git_buf_dispose) X(open, git_commit_author) X(open, git_commit_body) X(open, git_commit_committer)          \
  X(open, git_commit_create_buffer) X(open, git_commit_create_with_signature) X(open, git_commit_free)                \
  X(open, git_commit_id) X(open, git_commit_lookup) X(open, git_commit_message) X(open, git_commit_parent_id)         \
  X(open, git_commit_parentcount) X(open, git_commit_summary) X(open, git_commit_time) X(open, git_commit_tree)       \
  X(open, git_commit_tree_id) X(open, git_config_free) X(open, git_config_get_string)                                 \
  X(open, git_credential_ssh_key_new) X(open, git_credential_username_new)                                            \
  X(open, git_credential_userpass_plaintext_new) X(open, git_diff_free) X(open, git_diff_get_delta)                   \
  X(open, git_diff_num_deltas) X(open, git_diff_options_init) X(open, git_diff_tree_to_tree)                          \
  X(open, git_email_create_from_diff) X(open, git_error_clear) X(open, git_error_last)                                \
  X(open, git_error_set_str) X(open, git_fetch_options_init) X(open, git_graph_descendant_of)                         \
  X(open, git_libgit2_init) X(open, git_libgit2_opts) X(open, git_mempack_new) X(open, git_mempack_reset)             \
  X(open, git_merge_base) X(open, git_object_free) X(open, git_object_id) X(open, git_object_peel)                    \
  X(open, git_odb_add_backend) X(open, git_odb_backend_one_pack) X(open, git_odb_exists)                              \
  X(open, git_odb_foreach) X(open, git_odb_free) X(open, git_odb_new) X(open, git_odb_object_data)                    \
  X(open, git_odb_object_free) X(open, git_odb_object_size) X(open, git_odb_object_type) X(open, git_odb_read)        \
  X(open, git_odb_refresh) X(open, git_oid_equal) X(open, git_oid_fromstr) X(open, git_oid_is_zero)                   \
  X(open, git_packbuilder_free) X(open, git_packbuilder_insert) X(open, git_packbuilder_name)                         \
  X(open, git_packbuilder_new) X(open, git_packbuilder_set_threads) X(open, git_packbuilder_write)                    \
  X(open, git_push_options_init) X(open, git_reference_create) X(open, git_reference_create_matching)                 \
  X(open, git_reference_delete) X(open, git_reference_free) X(open, git_reference_iterator_free)                      \
  X(open, git_reference_iterator_glob_new) X(open, git_reference_lookup) X(open, git_reference_name)                  \
  X(open, git_reference_name_to_id) X(open, git_reference_next) X(open, git_reference_remove)                         \
  X(open, git_reference_target) X(open, git_reference_type) X(open, git_remote_connect_ext)                           \
  X(open, git_remote_connect_options_init) X(open, git_remote_create_options_init)                                    \
  X(open, git_remote_create_with_opts) X(open, git_remote_download) X(open, git_remote_ls)                            \
  X(open, git_remote_prune) X(open, git_remote_update_tips) X(open, git_remote_upload)                                \
  X(open, git_repository_commondir) X(open, git_repository_config_snapshot) X(open, git_repository_free)              \
  X(open, git_repository_is_shallow) X(open, git_repository_odb) X(open, git_repository_open_bare)                    \
  X(open, git_repository_open_ext) X(open, git_repository_set_ident) X(open, git_repository_workdir)                  \
  X(open, git_revparse_single) X(open, git_signature_free) X(open, git_signature_new)                                 \
  X(open, git_stream_register) X(open, git_tree_create_updated) X(open, git_tree_entry_byname)                        \
  X(open, git_tree_entry_bypath) X(open, git_tree_entry_filemode) X(open, git_tree_entry_free)                        \
  X(open, git_tree_entry_id) X(open, git_tree_entry_type) X(open, git_tree_free) X(open, git_tree_id)                 \
  X(open, git_tree_lookup) X(open, git_treebuilder_free) X(open, git_treebuilder_new)                                 \
  X(open, git_treebuilder_write)

ON_DEMAND(cgit2_open, "libgit2.so." LIBGIT2_SOVERSION, FUNCTIONS)
