#pragma once
#include <openssl/ssl.h>

/* Macros, which Swift does not see. */
static inline void cssl_versions(SSL_CTX *context, int oldest, int newest) {
  SSL_CTX_set_min_proto_version(context, oldest);
  SSL_CTX_set_max_proto_version(context, newest);
}
