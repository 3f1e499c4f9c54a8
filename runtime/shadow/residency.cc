#include "shadow/residency.h"

#include "memory/heap.h"
#include "platform/platform.h"
#include "shadow/shadow.h"

namespace csan {

constinit u8* resident = nullptr;

namespace {
constexpr uptr kBlock = 1ull << kResidentBits;
constexpr uptr kPage = 4096;
}  // namespace

void InitResidency() {
  resident = static_cast<u8*>(MapMemory(1ull << (kAddressBits - kResidentBits), "residency"));
}

void MakeResident(uptr addr, bool write) {
  __atomic_fetch_or(&resident[addr >> kResidentBits], static_cast<u8>(write ? 1 : 2),
                    __ATOMIC_RELAXED);
  if (!HeapOwns(addr)) return;
  const uptr block = addr & ~(kBlock - 1);
  // The planes need not begin with a page.
  const Word* plane = write ? WriteWord(block) : ReadWord(block);
  PopulatePages(reinterpret_cast<uptr>(plane) & ~(kPage - 1), kBlock);
}

void ForgetResidency(uptr addr, uptr size) {
  // What lies beside the range in its first and last block is still there.
  for (uptr at = (addr + kBlock - 1) & ~(kBlock - 1); at + kBlock <= addr + size; at += kBlock) {
    __atomic_store_n(&resident[at >> kResidentBits], u8{0}, __ATOMIC_RELAXED);
  }
}

}  // namespace csan
