/* The functions of libpq that are called, each passed on to the library once it is open. */
#pragma GCC visibility push(hidden)
#include "CPostgres.h"
#include <COnDemand.h>

#define ENTRIES(X)                                                                                                    \
  X(PQconndefaults) X(PQconninfoFree) X(PQconnectdb) X(PQfinish) X(PQstatus) X(PQerrorMessage) X(PQtransactionStatus) \
  X(PQsocket) X(PQsetNoticeProcessor) X(PQsendQueryParams) X(PQsetSingleRowMode) X(PQisBusy) X(PQconsumeInput)        \
  X(PQgetResult) X(PQgetCancel) X(PQcancel) X(PQfreeCancel) X(PQresultStatus) X(PQresultErrorMessage)                 \
  X(PQresultErrorField) X(PQnfields) X(PQntuples) X(PQfname) X(PQgetisnull) X(PQgetvalue) X(PQgetlength)              \
  X(PQcmdStatus) X(PQcmdTuples) X(PQclear)

#define NAME(name) #name,
#define PLACE(name) at_##name,
enum { ENTRIES(PLACE) count };
static const char *const names[] = {ENTRIES(NAME)};
static void *entries[count];
#define ENTRY(name) ((__typeof__(&name))entries[at_##name])

const char *cpostgres_open(void) { return on_demand_open("libpq.so.5", names, entries, count); }

PQconninfoOption *PQconndefaults(void) { return ENTRY(PQconndefaults)(); }
void PQconninfoFree(PQconninfoOption *o) { ENTRY(PQconninfoFree)(o); }
PGconn *PQconnectdb(const char *text) { return ENTRY(PQconnectdb)(text); }
void PQfinish(PGconn *c) { ENTRY(PQfinish)(c); }
ConnStatusType PQstatus(const PGconn *c) { return ENTRY(PQstatus)(c); }
char *PQerrorMessage(const PGconn *c) { return ENTRY(PQerrorMessage)(c); }
PGTransactionStatusType PQtransactionStatus(const PGconn *c) { return ENTRY(PQtransactionStatus)(c); }
int PQsocket(const PGconn *c) { return ENTRY(PQsocket)(c); }
PQnoticeProcessor PQsetNoticeProcessor(PGconn *c, PQnoticeProcessor f, void *context) {
  return ENTRY(PQsetNoticeProcessor)(c, f, context);
}
int PQsendQueryParams(
    PGconn *c, const char *sql, int n, const Oid *types, const char *const *values, const int *lengths,
    const int *formats, int format) {
  return ENTRY(PQsendQueryParams)(c, sql, n, types, values, lengths, formats, format);
}
int PQsetSingleRowMode(PGconn *c) { return ENTRY(PQsetSingleRowMode)(c); }
int PQisBusy(PGconn *c) { return ENTRY(PQisBusy)(c); }
int PQconsumeInput(PGconn *c) { return ENTRY(PQconsumeInput)(c); }
PGresult *PQgetResult(PGconn *c) { return ENTRY(PQgetResult)(c); }
PGcancel *PQgetCancel(PGconn *c) { return ENTRY(PQgetCancel)(c); }
int PQcancel(PGcancel *r, char *problem, int size) { return ENTRY(PQcancel)(r, problem, size); }
void PQfreeCancel(PGcancel *r) { ENTRY(PQfreeCancel)(r); }
ExecStatusType PQresultStatus(const PGresult *r) { return ENTRY(PQresultStatus)(r); }
char *PQresultErrorMessage(const PGresult *r) { return ENTRY(PQresultErrorMessage)(r); }
char *PQresultErrorField(const PGresult *r, int code) { return ENTRY(PQresultErrorField)(r, code); }
int PQnfields(const PGresult *r) { return ENTRY(PQnfields)(r); }
int PQntuples(const PGresult *r) { return ENTRY(PQntuples)(r); }
char *PQfname(const PGresult *r, int column) { return ENTRY(PQfname)(r, column); }
int PQgetisnull(const PGresult *r, int row, int column) { return ENTRY(PQgetisnull)(r, row, column); }
char *PQgetvalue(const PGresult *r, int row, int column) { return ENTRY(PQgetvalue)(r, row, column); }
int PQgetlength(const PGresult *r, int row, int column) { return ENTRY(PQgetlength)(r, row, column); }
char *PQcmdStatus(PGresult *r) { return ENTRY(PQcmdStatus)(r); }
char *PQcmdTuples(PGresult *r) { return ENTRY(PQcmdTuples)(r); }
void PQclear(PGresult *r) { ENTRY(PQclear)(r); }
