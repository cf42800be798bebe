/* The functions of libcurl that are called, each passed on to the library once it is open. */
#pragma GCC visibility push(hidden)
#include "CCurl.h"
#include <COnDemand.h>

#define ENTRIES(X)                                                                                                    \
  X(curl_global_init) X(curl_easy_init) X(curl_easy_cleanup) X(curl_easy_setopt) X(curl_easy_getinfo)                 \
  X(curl_slist_append) X(curl_slist_free_all) X(curl_multi_init) X(curl_multi_cleanup) X(curl_multi_setopt)           \
  X(curl_multi_add_handle) X(curl_multi_remove_handle) X(curl_multi_perform) X(curl_multi_poll) X(curl_multi_wakeup)  \
  X(curl_multi_info_read)

#define NAME(name) #name,
#define PLACE(name) at_##name,
enum { ENTRIES(PLACE) count };
static const char *const names[] = {ENTRIES(NAME)};
static void *entries[count];
#define ENTRY(name) ((__typeof__(&name))entries[at_##name])

const char *ccurl_open(void) { return on_demand_open("libcurl.so.4", names, entries, count); }

CURLcode curl_global_init(long flags) { return ENTRY(curl_global_init)(flags); }
CURL *curl_easy_init(void) { return ENTRY(curl_easy_init)(); }
void curl_easy_cleanup(CURL *h) { ENTRY(curl_easy_cleanup)(h); }
struct curl_slist *curl_slist_append(struct curl_slist *l, const char *s) { return ENTRY(curl_slist_append)(l, s); }
void curl_slist_free_all(struct curl_slist *l) { ENTRY(curl_slist_free_all)(l); }
CURLM *curl_multi_init(void) { return ENTRY(curl_multi_init)(); }
CURLMcode curl_multi_cleanup(CURLM *m) { return ENTRY(curl_multi_cleanup)(m); }
CURLMcode curl_multi_add_handle(CURLM *m, CURL *h) { return ENTRY(curl_multi_add_handle)(m, h); }
CURLMcode curl_multi_remove_handle(CURLM *m, CURL *h) { return ENTRY(curl_multi_remove_handle)(m, h); }
CURLMcode curl_multi_perform(CURLM *m, int *running) { return ENTRY(curl_multi_perform)(m, running); }
CURLMcode curl_multi_poll(CURLM *m, struct curl_waitfd fds[], unsigned int n, int ms, int *ready) {
  return ENTRY(curl_multi_poll)(m, fds, n, ms, ready);
}
CURLMcode curl_multi_wakeup(CURLM *m) { return ENTRY(curl_multi_wakeup)(m); }
CURLMsg *curl_multi_info_read(CURLM *m, int *left) { return ENTRY(curl_multi_info_read)(m, left); }

CURLcode ccurl_set_long(CURL *h, CURLoption o, long v) { return ENTRY(curl_easy_setopt)(h, o, v); }
CURLcode ccurl_set_offset(CURL *h, CURLoption o, curl_off_t v) { return ENTRY(curl_easy_setopt)(h, o, v); }
CURLcode ccurl_set_text(CURL *h, CURLoption o, const char *v) { return ENTRY(curl_easy_setopt)(h, o, v); }
CURLcode ccurl_set_pointer(CURL *h, CURLoption o, void *v) { return ENTRY(curl_easy_setopt)(h, o, v); }
CURLcode ccurl_set_write(CURL *h, ccurl_callback f, void *context) {
  CURLcode code = ENTRY(curl_easy_setopt)(h, CURLOPT_WRITEFUNCTION, f);
  return code ? code : ENTRY(curl_easy_setopt)(h, CURLOPT_WRITEDATA, context);
}
CURLcode ccurl_set_header(CURL *h, ccurl_callback f, void *context) {
  CURLcode code = ENTRY(curl_easy_setopt)(h, CURLOPT_HEADERFUNCTION, f);
  return code ? code : ENTRY(curl_easy_setopt)(h, CURLOPT_HEADERDATA, context);
}
CURLcode ccurl_set_opening(CURL *h, curl_opensocket_callback f, void *context) {
  CURLcode code = ENTRY(curl_easy_setopt)(h, CURLOPT_OPENSOCKETFUNCTION, f);
  return code ? code : ENTRY(curl_easy_setopt)(h, CURLOPT_OPENSOCKETDATA, context);
}
CURLcode ccurl_get_long(CURL *h, CURLINFO i, long *v) { return ENTRY(curl_easy_getinfo)(h, i, v); }
CURLcode ccurl_get_pointer(CURL *h, CURLINFO i, void **v) { return ENTRY(curl_easy_getinfo)(h, i, v); }
CURLMcode ccurl_multi_set_long(CURLM *m, CURLMoption o, long v) { return ENTRY(curl_multi_setopt)(m, o, v); }
CURLcode ccurl_message_result(const CURLMsg *m) { return m->data.result; }
