#include "random.h"

namespace csan::inline go_v1::internal {

// Never inlined: a goroutine's thread may be another later.
[[gnu::noinline]] std::size_t Random(std::size_t limit) {
  constinit static thread_local std::uint64_t state = 0;
  if (state == 0) state = reinterpret_cast<std::uintptr_t>(&state) | 1;
  state ^= state >> 12;
  state ^= state << 25;
  state ^= state >> 27;
  return ((state * 0x2545F4914F6CDD1D >> 32) * limit) >> 32;
}

}  // namespace csan::inline go_v1::internal
