// Stacks of goroutines, all of one size, from slabs. Only what is touched uses memory, and of stacks that
// wait for their next use all but the first 512 give it back.
//
// An overflow is caught by the guard page below each stack: an exact SIGSEGV. Linux 6.13 and later have
// guards that cost no mapping. Before, each splits a mapping, of which a process may have 65530: half of
// them are used, and the stacks beyond lie next to each other. Those are checked by a canary, which is
// the end of the stack below (in a page that is in use anyway): looked at when the goroutine stops
// running, and missed by a frame that writes only beyond it. A waiting stack then keeps one page.
#pragma once

#include <cstddef>
#include <cstdint>

namespace csan::inline go_v1::internal {

class Stack {
 public:
  // Throws std::bad_alloc.
  static Stack Take();
  void Give() const;

  // Frames grow down from the top, beyond which is the canary of the stack above, to the low end.
  char* low() const;
  char* top() const;
  // With what is beyond both ends.
  static std::size_t Size();
  // Whether nothing has run over the end of a stack without guard.
  bool Intact() const;

 private:
  friend class Slabs;
  Stack(char* base, bool guarded)
      : base_and_unguarded_(reinterpret_cast<std::uintptr_t>(base) | (guarded ? 0 : 1)) {}
  bool guarded() const { return (base_and_unguarded_ & 1) == 0; }
  char* base() const { return reinterpret_cast<char*>(base_and_unguarded_ & ~std::uintptr_t{1}); }

  std::uintptr_t base_and_unguarded_;
};

}  // namespace csan::inline go_v1::internal
