// KIND: data-race
// FLAGS: -ldl
// A library that is closed and opened again has new data. It is this file too (see run.py).
#ifdef LIBRARY
extern "C" int data[4096];
int data[4096];
// One is on the page that the library's file fills in part, the other on pages of their own.
extern "C" void Touch() {
  data[1]++;     // RACE
  data[4000]++;
}
#else
#include <dlfcn.h>
#include <stdlib.h>
#include <unistd.h>

#include <string>

#include "../support/order.h"

using Function = void (*)();

void* Open(const std::string& library) { return dlopen(library.c_str(), RTLD_NOW); }

int main(int, char** argv) {
  const std::string self = argv[0];
  const std::string library = self + ".so";
  void* handle = Open(library);
  if (handle == nullptr) return 2;
  auto touch = reinterpret_cast<Function>(dlsym(handle, "Touch"));
  InTurn([touch] { touch(); },
         [=]() mutable {
#if !BUG
           dlclose(handle);
           handle = Open(library);
           touch = reinterpret_cast<Function>(dlsym(handle, "Touch"));
#endif
           touch();
         });
}
#endif
