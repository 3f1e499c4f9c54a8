#include "actor/held.h"

#include "memory/pool.h"
#include "platform/platform.h"

namespace csan {

struct HeldFew {
  static constexpr u32 kCount = 8;
  HeldFew* next;  // while nobody has it
  HeldLock at[kCount];
};

namespace {

constexpr char kWhat[] = "held locks";
constexpr u32 kMost = 1 << 22;
constinit SharedPool<HeldFew, 62> pool;

void SetRoom(Actor* a, HeldLock* held, u32 capacity) {
  __atomic_store_n(&a->held, held, __ATOMIC_RELEASE);
  a->held_capacity = capacity;
}

}  // namespace

bool MakeRoomForHeld(Actor* a) {
  if (a->held_few == nullptr) {
    a->held_few = pool.Take(kWhat);
    SetRoom(a, a->held_few->at, HeldFew::kCount);
    return true;
  }
  if (a->held != a->held_few->at) return false;
  auto* held = static_cast<HeldLock*>(MapMemory(sizeof(HeldLock) * kMost, kWhat));
  for (u32 i = 0; i < a->held_count; i++) held[i] = a->held[i];
  SetRoom(a, held, kMost);
  return true;
}

void FreeHeld(Actor* a) {
  HeldFew* const few = a->held_few;
  if (few == nullptr) return;
  if (a->held != few->at) UnmapMemory(a->held, sizeof(HeldLock) * kMost);
  a->held_count = 0;
  a->held_few = nullptr;
  SetRoom(a, nullptr, 0);
  pool.Give(few);
}

}  // namespace csan
