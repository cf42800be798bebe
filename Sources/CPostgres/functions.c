/* The functions of libpq that are called. */
#include "CPostgres.h"

#include <COnDemand.h>

#define FUNCTIONS(X, open)                                                                                            \
  X(open, PQconndefaults) X(open, PQconninfoFree) X(open, PQconnectdb) X(open, PQfinish) X(open, PQstatus)            \
  X(open, PQerrorMessage) X(open, PQtransactionStatus) X(open, PQsocket) X(open, PQsetNoticeProcessor)                \
  X(open, PQsendQueryParams) X(open, PQsetSingleRowMode) X(open, PQisBusy) X(open, PQconsumeInput)                    \
  X(open, PQgetResult) X(open, PQgetCancel) X(open, PQcancel) X(open, PQfreeCancel) X(open, PQresultStatus)           \
  X(open, PQresultErrorMessage) X(open, PQresultErrorField) X(open, PQnfields) X(open, PQntuples)                     \
  X(open, PQfname) X(open, PQgetisnull) X(open, PQgetvalue) X(open, PQgetlength) X(open, PQcmdStatus)                 \
  X(open, PQcmdTuples) X(open, PQclear)

ON_DEMAND(cpostgres_open, "libpq.so.5", FUNCTIONS)
