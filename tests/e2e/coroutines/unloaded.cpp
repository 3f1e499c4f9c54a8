// KIND: coroutine-leak
// FLAGS: -ldl
// A library loses a coroutine. If it has been unloaded, nothing is left that could tell of it.
#ifdef LIBRARY
#include <memory>

#include "../support/coroutine.h"

static Detached Wait(Parked* at) {
  co_await *at;  // RACE
}
extern "C" void Lose() { Wait(std::make_unique<Parked>().get()); }
#else
#include <dlfcn.h>

#include <string>

#include "../support/order.h"

UNSEEN void* Run(const std::string& library) {
  void* handle = dlopen(library.c_str(), RTLD_NOW);
  reinterpret_cast<void (*)()>(dlsym(handle, "Lose"))();
  return handle;
}

int main(int, char** argv) {
  const std::string self = argv[0];
  void* handle = Run(self + ".so");
  WipeStack();
  if (!BUG) dlclose(handle);
}
#endif
