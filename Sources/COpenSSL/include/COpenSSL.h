#pragma once
#include <openssl/bio.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/pem.h>
#include <openssl/sha.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

/* Macros, which Swift does not see. */
static inline long copenssl_oldest(const SSL_CTX *context) {
  return SSL_CTX_get_min_proto_version((SSL_CTX *)context);
}
static inline void copenssl_versions(SSL_CTX *context, int oldest, int newest) {
  SSL_CTX_set_min_proto_version(context, oldest);
  SSL_CTX_set_max_proto_version(context, newest);
}
/* How a name in a certificate is printed. */
static const unsigned long copenssl_rfc2253 = XN_FLAG_RFC2253;
/* The name that the client asks for: SNI. */
static inline int copenssl_server_name(SSL *session, const char *host) {
  return (int)SSL_set_tlsext_host_name(session, host);
}
