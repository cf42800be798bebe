#pragma once
#include <curl/curl.h>

/* Opens libcurl. Nothing else of this module may be called before it returned NULL; otherwise it says what is missing. */
const char *ccurl_open(void);

/* curl_easy_setopt and its kin are variadic, which Swift cannot call: one function per argument type. */
typedef size_t (*ccurl_callback)(char *, size_t, size_t, void *);
CURLcode ccurl_set_long(CURL *h, CURLoption o, long v);
CURLcode ccurl_set_offset(CURL *h, CURLoption o, curl_off_t v);
CURLcode ccurl_set_text(CURL *h, CURLoption o, const char *v);
CURLcode ccurl_set_pointer(CURL *h, CURLoption o, void *v);
CURLcode ccurl_set_write(CURL *h, ccurl_callback f, void *context);
CURLcode ccurl_set_header(CURL *h, ccurl_callback f, void *context);
CURLcode ccurl_set_opening(CURL *h, curl_opensocket_callback f, void *context);
CURLcode ccurl_get_long(CURL *h, CURLINFO i, long *v);
CURLcode ccurl_get_pointer(CURL *h, CURLINFO i, void **v);
CURLMcode ccurl_multi_set_long(CURLM *m, CURLMoption o, long v);
CURLcode ccurl_message_result(const CURLMsg *m);
