#include "COnDemand.h"

#include <dlfcn.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* Two threads may do this at once: both write the same. */
const char *on_demand_open(const char *library, const struct on_demand_function functions[], int count) {
  void *handle = dlopen(library, RTLD_NOW | RTLD_LOCAL);
  if (!handle) return strdup(dlerror());
  for (int index = 0; index < count; index++) {
    void *address = dlsym(handle, functions[index].name);
    if (!address) return strdup(dlerror());
    __atomic_store_n(functions[index].address, address, __ATOMIC_RELEASE);
  }
  return NULL;
}

void on_demand_need(const char *library, const struct on_demand_function functions[], int count) {
  const char *missing = on_demand_open(library, functions, count);
  if (!missing) return;
  fprintf(stderr, "error: %s is needed and cannot be opened: %s\n", library, missing);
  _exit(69);
}
