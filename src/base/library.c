#include "base/library.h"

#include <dlfcn.h>
#include <string.h>

zcz_status zcz_library_load(const zcz_library_request *request, void *functions, zcz_error *error) {
  /* NODELETE: libraries keep state at exit (fontconfig's does), so none is ever unmapped, and the
   * handle need not be kept. */
  void *library = dlopen(request->file, RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
  if (!library)
    return zcz_hint(error,
                    zcz_fail(error, ZCZ_ERROR_UNABLE, "%s need %s, which is not on this system",
                             request->purpose, request->file),
                    "install the package %s", request->package);
  zcz_status status = ZCZ_OK;
  for (size_t i = 0; i < request->count && status == ZCZ_OK; i++) {
    void *address = dlsym(library, request->symbols[i]);
    if (address)
      memcpy((char *)functions + i * sizeof address, &address, sizeof address);
    else
      status = zcz_hint(error,
                        zcz_fail(error, ZCZ_ERROR_UNABLE, "%s has no %s, which %s need",
                                 request->file, request->symbols[i], request->purpose),
                        "install a newer package %s", request->package);
  }
  dlclose(library);
  return status;
}
