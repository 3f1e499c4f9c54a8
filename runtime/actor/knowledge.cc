#include "actor/knowledge.h"

#include "memory/arena.h"
#include "memory/pool.h"

namespace csan {
namespace {

constexpr char kWhat[] = "what actors know";
constexpr u32 kStep = 32;  // bytes
constexpr u32 kWordsMost =
    uptr{2} * Measures::kDifferences + IslandList::kOwn * (sizeof(Island) / sizeof(Word));
constexpr u32 StepsFor(u32 words) noexcept {
  return static_cast<u32>((sizeof(Aside) + words * sizeof(Word) + kStep - 1) / kStep);
}

constinit SharedPool<Knowledge, 16> pool;
constinit Measures clocks;
constinit Measures firm_clocks;

constinit SpinLock asides_lock;
constinit Aside* free_asides[StepsFor(kWordsMost) + 1] = {};
constinit Arena<64 << 10> asides;

Aside* NewAside(u32 words) {
  const u32 room = StepsFor(words);
  SpinGuard guard(asides_lock);
  Aside* aside = free_asides[room];
  if (aside != nullptr) {
    free_asides[room] = aside->next;
  } else {
    aside = static_cast<Aside*>(asides.Take(uptr{room} * kStep, kWhat));
    aside->room = static_cast<u8>(room);
  }
  return aside;
}

}  // namespace

Knowledge* NewKnowledge() {
  Knowledge* const k = pool.Take(kWhat);
  k->clock.size = 0;
  k->clock.islands = {};
  FirmClock& firm = k->firm;
  firm.size = firm.version = firm.own_from = 0;
  firm.learnt_count = firm.learnt_from = firm.learnt_epoch = 0;
  for (u32 i = 0; i < kClockCapacity; i++) k->clock.at[i] = firm.at[i] = 0;
  return k;
}

void Free(Knowledge* k) {
  FreeIslands(&k->clock.islands);
  pool.Give(k);
}

Aside* MakeAside(const Knowledge& k) {
  Word words[kWordsMost];
  u32 clock_count = 0;
  u32 firm_count = 0;
  Measure* const clock = clocks.PutAside(k.clock.at, words, &clock_count);
  Measure* const firm = firm_clocks.PutAside(k.firm.at, words + clock_count, &firm_count);
  const IslandList* const list = k.clock.islands.list;
  const u32 islands = list != nullptr ? list->count : 0;
  const u32 differing = clock_count + firm_count;
  Aside* const a = NewAside(differing + islands * (sizeof(Island) / sizeof(Word)));
  a->clock = clock;
  a->firm = firm;
  a->shared = list != nullptr ? list->shared : nullptr;
  a->joined = list != nullptr ? list->joined : 0;
  a->size = k.clock.size;
  a->firm_size = k.firm.size;
  a->version = k.firm.version;
  a->own_from = k.firm.own_from;
  a->learnt_count = k.firm.learnt_count;
  a->clock_count = static_cast<u8>(clock_count);
  a->firm_count = static_cast<u8>(firm_count);
  a->island_count = static_cast<u8>(islands);
  CopyInto(a->words, words, differing);
  if (islands != 0) __builtin_memcpy(a->words + differing, list->own, islands * sizeof(Island));
  return a;
}

Knowledge* MakeWhole(const Aside& a) {
  Knowledge* const k = pool.Take(kWhat);
  CopyClock(a, k->clock.at);
  TakeBack(*a.firm, a.words + a.clock_count, a.firm_count, k->firm.at);
  k->clock.size = a.size;
  k->clock.islands = MakeIslands(
      a.shared, a.joined, reinterpret_cast<const Island*>(a.words + a.clock_count + a.firm_count),
      a.island_count);
  k->firm.size = a.firm_size;
  k->firm.version = a.version;
  k->firm.own_from = a.own_from;
  k->firm.learnt_count = k->firm.learnt_from = a.learnt_count;
  k->firm.learnt_epoch = 0;
  return k;
}

void CopyClock(const Aside& aside, u32* into) {
  TakeBack(*aside.clock, aside.words, aside.clock_count, into);
}

void FreeEmptied(Knowledge* k) {
  FreeMoved(&k->clock.islands);
  pool.Give(k);
}

void FreeEmptied(Aside* aside) {
  Drop(aside->clock);
  Drop(aside->firm);
  SpinGuard guard(asides_lock);
  aside->next = free_asides[aside->room];
  free_asides[aside->room] = aside;
}

}  // namespace csan
