// Where the runtime maps what is its own, and the list of it: what a search for the program's pointers leaves
// out.
#include "platform/linux/own_memory.h"
#include "base/spin_lock.h"
#include "platform/linux/address_map.h"
#include "platform/linux/syscall.h"

#include <sys/mman.h>

namespace csan {
namespace {

constexpr u32 kMost = 1 << 20;

constinit SpinLock lock;
constinit AddressRange* ranges = nullptr;
constinit u32 used = 0;

// Below `next_place` all is in use but for these. Who maps and unmaps in any order comes back to few; when
// there is no room for more of them, places are lost.
constexpr u32 kMostFree = 1024;
constinit AddressRange free_places[kMostFree] = {};
constinit u32 free_count = 0;
constinit uptr next_place = kOwnWindow.lo;

constexpr uptr Pages(uptr size) { return (size + 4095) & ~uptr{4095}; }

void JoinFreeBelow() {
  for (u32 i = 0; i < free_count;) {
    if (free_places[i].hi != next_place) {
      i++;
      continue;
    }
    next_place = free_places[i].lo;
    free_places[i] = free_places[--free_count];
    i = 0;
  }
}

}  // namespace

uptr TakePlace(uptr size) {
  const uptr bytes = Pages(size);
  SpinGuard guard(lock);
  for (u32 i = 0; i < free_count; i++) {
    const AddressRange place = free_places[i];
    if (place.hi - place.lo != bytes) continue;
    free_places[i] = free_places[--free_count];
    return place.lo;
  }
  if (bytes > kOwnWindow.hi - next_place) return 0;
  const uptr at = next_place;
  next_place += bytes;
  return at;
}

void GivePlace(uptr at, uptr size) {
  if (!kOwnWindow.Holds(at)) return;
  SpinGuard guard(lock);
  if (at + Pages(size) == next_place) {
    next_place = at;
    JoinFreeBelow();
  } else if (free_count < kMostFree) {
    free_places[free_count++] = {at, at + Pages(size)};
  }
}

void Own(uptr at, uptr size) {
  SpinGuard guard(lock);
  if (ranges == nullptr) {
    const sptr got = Syscall(__NR_mmap, 0, sizeof(AddressRange) * kMost, PROT_READ | PROT_WRITE,
                             MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, ~0ull, 0);
    if (got < 0) return;
    ranges = reinterpret_cast<AddressRange*>(got);
    ranges[used++] = {static_cast<uptr>(got),
                      static_cast<uptr>(got) + sizeof(AddressRange) * kMost};
  }
  // The next one mostly lies right above.
  if (ranges[used - 1].hi == at) {
    ranges[used - 1].hi = at + size;
  } else if (used < kMost) {
    ranges[used++] = {at, at + size};
  }
}

void Disown(uptr at, uptr size) {
  SpinGuard guard(lock);
  for (u32 i = used; i-- > 1;) {
    AddressRange& r = ranges[i];
    if (at < r.lo || at + size > r.hi) continue;
    if (at + size < r.hi && at > r.lo && used < kMost) ranges[used++] = {at + size, r.hi};
    if (at > r.lo) {
      r.hi = at;
    } else if (at + size < r.hi) {
      r.lo = at + size;
    } else {
      r = ranges[--used];
    }
    return;
  }
}

const AddressRange* OwnMemory(u32* count) {
  *count = used;
  return ranges;
}

bool OwnMemoryIsComplete() { return ranges != nullptr && used < kMost; }

}  // namespace csan
