#include "frontend/libc/names.h"

#include "frontend/real.h"
#include "sync/events.h"

namespace csan {
namespace {

// What an actor saw last of a name: a hash of both, and 1 for there. Looks that share a place forget each
// other, which can only lose an edge of two that are polled for at once by many.
constexpr u32 kLooks = 1 << 14;
constinit u64 looks[kLooks] = {};
alignas(8) constinit u64 names_clock = 0;  // its address is what counts

u64 LookOf(const char* path) {
  u64 h = 0xCBF29CE484222325ull ^ Self()->id * 0x9E3779B97F4A7C15ull;
  for (; *path != 0; path++) h = (h ^ static_cast<u8>(*path)) * 0x100000001B3ull;
  return h & ~1ull;
}

}  // namespace

void ChangesNames() {
  if (CSAN_LISTENING()) Release(reinterpret_cast<uptr>(&names_clock));
}

void SawName(const char* path, bool there) {
  if (!CSAN_LISTENING() || !multi_actor) return;
  const u64 look = LookOf(path);
  u64* const at = &looks[(look >> 20) % kLooks];
  const u64 before = __atomic_exchange_n(at, look | (there ? 1 : 0), __ATOMIC_RELAXED);
  if (before == (look | (there ? 0 : 1))) Acquire(reinterpret_cast<uptr>(&names_clock));
}

}  // namespace csan
