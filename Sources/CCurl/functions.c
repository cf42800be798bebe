/* The functions of libcurl that are called. */
#include "CCurl.h"

#include <COnDemand.h>

#define FUNCTIONS(X, open)                                                                                            \
  X(open, curl_global_init) X(open, curl_easy_init) X(open, curl_easy_cleanup) X(open, curl_easy_setopt)              \
  X(open, curl_easy_getinfo) X(open, curl_slist_append) X(open, curl_slist_free_all) X(open, curl_multi_init)         \
  X(open, curl_multi_cleanup) X(open, curl_multi_setopt) X(open, curl_multi_add_handle)                               \
  X(open, curl_multi_remove_handle) X(open, curl_multi_perform) X(open, curl_multi_poll)                              \
  X(open, curl_multi_wakeup) X(open, curl_multi_info_read)

ON_DEMAND(ccurl_open, "libcurl.so.4", FUNCTIONS)

CURLcode ccurl_set_long(CURL *h, CURLoption o, long v) { return curl_easy_setopt(h, o, v); }
CURLcode ccurl_set_offset(CURL *h, CURLoption o, curl_off_t v) { return curl_easy_setopt(h, o, v); }
CURLcode ccurl_set_text(CURL *h, CURLoption o, const char *v) { return curl_easy_setopt(h, o, v); }
CURLcode ccurl_set_pointer(CURL *h, CURLoption o, void *v) { return curl_easy_setopt(h, o, v); }
CURLcode ccurl_set_write(CURL *h, ccurl_callback f, void *context) {
  CURLcode code = curl_easy_setopt(h, CURLOPT_WRITEFUNCTION, f);
  return code ? code : curl_easy_setopt(h, CURLOPT_WRITEDATA, context);
}
CURLcode ccurl_set_header(CURL *h, ccurl_callback f, void *context) {
  CURLcode code = curl_easy_setopt(h, CURLOPT_HEADERFUNCTION, f);
  return code ? code : curl_easy_setopt(h, CURLOPT_HEADERDATA, context);
}
CURLcode ccurl_set_opening(CURL *h, curl_opensocket_callback f, void *context) {
  CURLcode code = curl_easy_setopt(h, CURLOPT_OPENSOCKETFUNCTION, f);
  return code ? code : curl_easy_setopt(h, CURLOPT_OPENSOCKETDATA, context);
}
CURLcode ccurl_get_long(CURL *h, CURLINFO i, long *v) { return curl_easy_getinfo(h, i, v); }
CURLcode ccurl_get_pointer(CURL *h, CURLINFO i, void **v) { return curl_easy_getinfo(h, i, v); }
CURLMcode ccurl_multi_set_long(CURLM *m, CURLMoption o, long v) { return curl_multi_setopt(m, o, v); }
CURLcode ccurl_message_result(const CURLMsg *m) { return m->data.result; }
