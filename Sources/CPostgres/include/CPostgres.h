#pragma once
#if __has_include(<postgresql/libpq-fe.h>)
#include <postgresql/libpq-fe.h>
#else
#include <libpq-fe.h>
#endif
#include <stdint.h>
#include <sys/eventfd.h>
#include <unistd.h>

/* Opens libpq. Nothing of libpq may be called before it returned NULL; otherwise it says what is missing. */
const char *cpostgres_open(void);

/* Character macros of postgres_ext.h, which Swift does not import. */
static inline const char *cpostgres_sqlstate(const PGresult *result) { return PQresultErrorField(result, 'C'); }
static inline const char *cpostgres_message(const PGresult *result) { return PQresultErrorField(result, 'M'); }
static inline const char *cpostgres_detail(const PGresult *result) { return PQresultErrorField(result, 'D'); }
static inline const char *cpostgres_hint(const PGresult *result) { return PQresultErrorField(result, 'H'); }

/* A descriptor that becomes readable when another thread signals it; -1 where none is left. */
static inline int cpostgres_wake_open(void) { return eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK); }
static inline void cpostgres_wake_signal(int descriptor) {
  uint64_t one = 1;
  (void)!write(descriptor, &one, sizeof one);
}
static inline void cpostgres_wake_drain(int descriptor) {
  uint64_t count;
  (void)!read(descriptor, &count, sizeof count);
}
