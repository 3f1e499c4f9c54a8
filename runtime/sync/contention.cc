#include "sync/contention.h"

#include "actor/actor.h"
#include "platform/platform.h"

namespace csan {

constinit bool contention_watched = false;

namespace {

constinit Contention* table = nullptr;
constinit u64 left_out = 0;

Contention* Table() {
  Contention* t = __atomic_load_n(&table, __ATOMIC_ACQUIRE);
  if (CSAN_LIKELY(t != nullptr)) return t;
  auto* mine = static_cast<Contention*>(
      MapMemory(sizeof(Contention) * kContentionPlaces, "counts of contention"));
  // Of two that come first one is in vain, and has no page in use.
  return __atomic_compare_exchange_n(&table, &t, mine, false, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE)
             ? mine
             : t;
}

// The entry of the place, made if there was none. Null if there is no room.
Contention* Find(StackId site) {
  Contention* t = Table();
  constexpr u32 kTries = 64;
  const u32 start = static_cast<u32>(site * 0x9E3779B97F4A7C15ull >> 40);
  for (u32 i = 0; i < kTries; i++) {
    Contention& c = t[(start + i) % kContentionPlaces];
    StackId there = __atomic_load_n(&c.site, __ATOMIC_RELAXED);
    if (there == site) return &c;
    if (there == 0 && (__atomic_compare_exchange_n(&c.site, &there, site, false, __ATOMIC_RELAXED,
                                                   __ATOMIC_RELAXED) ||
                       there == site)) {
      return &c;
    }
  }
  return nullptr;
}

}  // namespace

void CountTaken(const Actor* a, uptr lock, StackId site, u64 wait_began_us) {
  Contention* c = Find(site);
  if (c == nullptr) {
    __atomic_fetch_add(&left_out, 1, __ATOMIC_RELAXED);
    return;
  }
  __atomic_store_n(&c->actor, a->id, __ATOMIC_RELAXED);
  __atomic_store_n(&c->lock, lock, __ATOMIC_RELAXED);
  __atomic_fetch_add(&c->taken, 1, __ATOMIC_RELAXED);
  if (wait_began_us == 0) return;
  __atomic_fetch_add(&c->contended, 1, __ATOMIC_RELAXED);
  __atomic_fetch_add(&c->waited_us, NowUs() - wait_began_us, __ATOMIC_RELAXED);
}

Contention ContentionAt(u32 i) { return table == nullptr ? Contention{} : table[i]; }
u64 ContentionLeftOut() { return left_out; }

}  // namespace csan
