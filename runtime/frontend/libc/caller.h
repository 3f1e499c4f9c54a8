// Accesses that a function of the C library makes for its caller. They count only for callers in
// instrumented modules: the order that other code keeps by its own means is unknown.
#pragma once

#include "detect/race/race.h"
#include "frontend/libc/modules.h"
#include "frontend/real.h"

namespace csan {

class Caller {
 public:
  explicit Caller(uptr pc) : pc_(pc), counts_(CSAN_LISTENING() && IsInstrumented(pc)) {}
  // Whether it is worth finding out what is accessed.
  explicit operator bool() const { return counts_; }
  void Read(const void* at, uptr size) const { Access(at, size, false); }
  void Write(const void* at, uptr size) const { Access(at, size, true); }

 private:
  void Access(const void* at, uptr size, bool write) const {
    if (counts_) OnAccess(reinterpret_cast<uptr>(at), size, write, pc_);
  }
  uptr pc_;
  bool counts_;
};

// Of the function that the enclosing one takes the place of.
#define CSAN_CALLER() csan::Caller(CSAN_CALLER_PC())

inline uptr StringLength(const char* s) {
  uptr n = 0;
  while (s[n] != 0) n++;
  return n;
}

}  // namespace csan
