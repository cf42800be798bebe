#include "COnDemand.h"

#include <dlfcn.h>
#include <string.h>

const char *on_demand_open(const char *library, const char *const names[], void *entries[], int count) {
  void *handle = dlopen(library, RTLD_NOW | RTLD_LOCAL);
  if (!handle) return strdup(dlerror());
  for (int index = 0; index < count; index++) {
    entries[index] = dlsym(handle, names[index]);
    if (!entries[index]) return strdup(dlerror());
  }
  return NULL;
}
