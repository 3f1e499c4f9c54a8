#include "detect/race/planes.h"

#include "platform/platform.h"
#include "shadow/residency.h"

namespace csan::race {
namespace {

constexpr uptr kPage = 4096;
uptr PageUp(uptr at) { return (at + kPage - 1) & ~(kPage - 1); }
uptr PageDown(uptr at) { return at & ~(kPage - 1); }

constinit bool views_made = false;

// False if the words are still to be written.
bool MakeViews(Word* first, Word* end) {
  constexpr uptr kPeriodMost = 16 << 20;
  constexpr uptr kViews = 16;
  const uptr lo = PageUp(reinterpret_cast<uptr>(first));
  const uptr hi = PageDown(reinterpret_cast<uptr>(end));
  uptr period = PageUp((hi - lo) / kViews);
  if (period > kPeriodMost) period = kPeriodMost;
  __atomic_store_n(&views_made, true, __ATOMIC_RELAXED);
  if (!MapRepeated(lo, hi - lo, period, kFreed)) return false;
  FillWords(first, static_cast<uptr>(reinterpret_cast<Word*>(lo) - first), kFreed);
  FillWords(reinterpret_cast<Word*>(hi), static_cast<uptr>(end - reinterpret_cast<Word*>(hi)),
            kFreed);
  return true;
}

// Pages, views among them, read as zero again.
void GiveBack(uptr lo, uptr size, bool views) {
  if (!views) {
    ReleasePages(lo, size);
  } else if (!MapAnew(lo, size)) {
    ClearWords(reinterpret_cast<Word*>(lo), size / sizeof(Word));
  }
}

void ClearPlane(Word* first, uptr count, bool views) {
  const uptr lo = reinterpret_cast<uptr>(first);
  const uptr hi = reinterpret_cast<uptr>(first + count);
  const uptr page_lo = PageUp(lo);
  const uptr page_hi = PageDown(hi);
  if (count * sizeof(Word) < kReleaseMin || page_lo >= page_hi) {
    ClearWords(first, count);
    return;
  }
  ClearWords(first, (page_lo - lo) / sizeof(Word));
  GiveBack(page_lo, page_hi - page_lo, views);
  ClearWords(reinterpret_cast<Word*>(page_hi), (hi - page_hi) / sizeof(Word));
}

}  // namespace

void ClearWords(Word* at, uptr count) {
  constexpr uptr kAtOnce = 16;
  uptr i = 0;
  for (; i + kAtOnce <= count; i += kAtOnce) {
    Word any = 0;
    for (uptr k = 0; k < kAtOnce; k++) any |= at[i + k];
    if (any != 0) FillWords(at + i, kAtOnce, 0);
  }
  for (; i < count; i++) {
    if (at[i] != 0) at[i] = 0;
  }
}

void ClearPlanes(uptr addr, uptr size, bool block) {
  const bool views = block && size >= kViewsMin && __atomic_load_n(&views_made, __ATOMIC_RELAXED);
  ClearPlane(WriteWord(addr), size / kGranule, views);
  ClearPlane(ReadWord(addr), size / kGranule, views);
  if (size >= kReleaseMin) ForgetResidency(addr, size);
}

void ClearReads(uptr addr, uptr size) {
  if (size < kViewsMin) return ClearWords(ReadWord(addr), size / kGranule);
  ClearPlane(ReadWord(addr), size / kGranule, false);
}

uptr EndOfPart(uptr addr, uptr end, bool* recorded) {
  constexpr uptr kBlock = 1ull << kResidentBits;
  *recorded = IsMarked(addr);
  uptr at = (addr | (kBlock - 1)) + 1;
  while (at < end && IsMarked(at) == *recorded) at += kBlock;
  if (*recorded) at += kReachBeyond;
  return at < end ? at : end;
}

void ShowFreedLarge(Word* plane, uptr addr, uptr size) {
  const uptr end = addr + size;
  for (uptr at = addr, part_end; at < end; at = part_end) {
    bool recorded;
    part_end = EndOfPart(at, end, &recorded);
    Word* const first = plane + (at - addr) / kGranule;
    const uptr count = (part_end - at) / kGranule;
    if (recorded || part_end - at < kViewsMin || !MakeViews(first, first + count)) {
      FillWords(first, count, kFreed);
    }
  }
}

}  // namespace csan::race
