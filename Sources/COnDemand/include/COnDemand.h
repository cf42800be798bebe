#pragma once

/* Opens a shared library where it is needed, instead of at every start: libcurl and libpq bring thirty others with them, which cost
   more than most commands do. Fills `entries` with the addresses of `names`. NULL, or what is missing, in the loader's words. */
const char *on_demand_open(const char *library, const char *const names[], void *entries[], int count);
