/* The functions of libssl and of libcrypto, which it brings with it, that are called. */
#include <COnDemand.h>

#define FUNCTIONS(X, open)                                                                                            \
  X(open, ASN1_TIME_print_ex) X(open, BIO_free) X(open, BIO_new) X(open, BIO_new_mem_buf) X(open, BIO_read)           \
  X(open, BIO_s_mem) X(open, CRYPTO_memcmp) X(open, ERR_clear_error) X(open, ERR_peek_error)                          \
  X(open, ERR_reason_error_string) X(open, EVP_DecodeBlock) X(open, EVP_Digest) X(open, EVP_DigestSign)               \
  X(open, EVP_DigestSignInit) X(open, EVP_DigestVerify) X(open, EVP_DigestVerifyInit) X(open, EVP_EncodeBlock)        \
  X(open, EVP_MD_CTX_free) X(open, EVP_MD_CTX_new) X(open, EVP_PKEY_CTX_free) X(open, EVP_PKEY_CTX_new_id)            \
  X(open, EVP_PKEY_CTX_set_rsa_keygen_bits) X(open, EVP_PKEY_free) X(open, EVP_PKEY_get_base_id)                      \
  X(open, EVP_PKEY_get_raw_public_key) X(open, EVP_PKEY_get_size) X(open, EVP_PKEY_keygen)                            \
  X(open, EVP_PKEY_keygen_init) X(open, EVP_PKEY_new_raw_private_key) X(open, EVP_aes_256_cbc) X(open, EVP_md5)       \
  X(open, EVP_sha256) X(open, EVP_sha384) X(open, EVP_sha512) X(open, HMAC) X(open, PEM_read_bio_PrivateKey)          \
  X(open, PEM_write_bio_PrivateKey) X(open, SHA256) X(open, SHA512) X(open, SSL_CTX_ctrl) X(open, SSL_CTX_free)       \
  X(open, SSL_CTX_get0_param) X(open, SSL_CTX_load_verify_file) X(open, SSL_CTX_new)                                  \
  X(open, SSL_CTX_set_default_verify_paths) X(open, SSL_CTX_set_security_level) X(open, SSL_CTX_set_verify)           \
  X(open, SSL_CTX_use_PrivateKey_file) X(open, SSL_CTX_use_certificate_chain_file) X(open, SSL_accept)                \
  X(open, SSL_connect) X(open, SSL_ctrl) X(open, SSL_free) X(open, SSL_get0_param) X(open, SSL_get_error)             \
  X(open, SSL_get_ex_data) X(open, SSL_get_ex_data_X509_STORE_CTX_idx) X(open, SSL_get_servername)                    \
  X(open, SSL_new) X(open, SSL_read) X(open, SSL_read_ex) X(open, SSL_set1_host) X(open, SSL_set_ex_data)             \
  X(open, SSL_set_fd) X(open, SSL_set_hostflags) X(open, SSL_shutdown) X(open, SSL_write) X(open, SSL_write_ex)       \
  X(open, TLS_client_method) X(open, TLS_server_method) X(open, X509V3_EXT_print) X(open, X509_NAME_print_ex)         \
  X(open, X509_STORE_CTX_get_current_cert) X(open, X509_STORE_CTX_get_error)                                          \
  X(open, X509_STORE_CTX_get_error_depth) X(open, X509_STORE_CTX_get_ex_data)                                         \
  X(open, X509_VERIFY_PARAM_set1_ip_asc) X(open, X509_VERIFY_PARAM_set_flags) X(open, X509_get0_notAfter)             \
  X(open, X509_get0_notBefore) X(open, X509_get_ext) X(open, X509_get_ext_by_NID) X(open, X509_get_issuer_name)       \
  X(open, X509_verify_cert_error_string) X(open, d2i_AutoPrivateKey) X(open, d2i_PUBKEY) X(open, i2d_PUBKEY)          \
  X(open, i2d_PrivateKey)

ON_DEMAND(copenssl_open, "libssl.so.3", FUNCTIONS)
