// A kernel: a bug in as few lines as it takes with BUG=1, its fix with BUG=0. The program runs the one
// that is its argument. How they meet is forced by channels, or does not matter.
#pragma once

#include <csan/go.h>

#include <atomic>
#include <cstring>
#include <map>
#include <memory>
#include <mutex>
#include <shared_mutex>
#include <stdexcept>
#include <string>
#include <vector>

using csan::Chan, csan::MakeChan, csan::Unit, csan::WaitGroup, csan::Mutex, csan::RWMutex;

struct Kernel {
  const char* name;
  void (*run)();
  Kernel* next;
  static inline Kernel* first = nullptr;

  Kernel(const char* the_name, void (*the_run)()) : name(the_name), run(the_run), next(first) {
    first = this;
  }
};

// `kind` is that of the finding, for who reads it and for tests/pitfalls/kernels.py.
#define KERNEL(name, kind)                          \
  static void name();                               \
  static Kernel kernel_##name(#name, name);         \
  static void name()

// As a server does that must not end because of one request.
template <typename F>
void Recovering(F f) {
  try {
    f();
  } catch (const csan::Panic&) {
  }
}

int main(int, char** argv) {
  for (const Kernel* one = Kernel::first; one != nullptr; one = one->next) {
    if (std::strcmp(one->name, argv[1]) == 0) return one->run(), 0;
  }
  return 2;
}
