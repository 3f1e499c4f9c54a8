// Ranges: memory intrinsics, library functions, hoisted loops.
#include "detect/race/race.h"

#include "actor/recording.h"
#include "detect/race/fast.h"
#include "detect/race/slow.h"
#include "shadow/residency.h"
#include "shadow/shadow.h"

namespace csan {
namespace {

// Where [granule, end) first differs from what an inlined check would accept, 8 bytes at a time.
CSAN_ALWAYS_INLINE uptr SkipCurrent(uptr granule, uptr end, bool write, u64 cur, u64 shared) {
  const Word* plane = write ? WriteWord(granule) : ReadWord(granule);
  while (granule + 8 <= end) {
    u64 pair;
    __builtin_memcpy(&pair, plane, 8);
    if (pair != cur && (write || (pair != shared && race::LoadPair(WriteWord(granule)) != cur))) {
      break;
    }
    plane += 2;
    granule += 8;
  }
  while (granule < end &&
         (*plane == static_cast<Word>(cur) ||
          (!write && (*plane == static_cast<Word>(shared) ||
                      race::LoadWord(WriteWord(granule)) == static_cast<Word>(cur))))) {
    plane++;
    granule += kGranule;
  }
  return granule;
}

template <bool kWrite>
CSAN_NOINLINE void RangeMiss(Actor* a, uptr addr, uptr size, uptr g, uptr pc) {
  const Word cur = RecordingEpoch(a);
  const uptr end = addr + size;
  const StackId site =
      SiteFor(a, StackTop(a),
              PackSite(pc, (kWrite ? kNoteWrite : kNoteNone) | kNoteRange, SizeCode(size), addr));
  const bool record = cur != 0 && cur != kNoEpoch;
  race::LogEntryToBe log = {addr, size, site, false};
  if (record) log.Ensure(a, cur);
  race::Conflict conflict;
  u32 slow = 0;
  auto published = [&log] { log.recheck = true; };
  while (g < end) {
    log.recheck = false;
    if (record && WantsResidency(g, kWrite, cur)) MakeResident(g, kWrite);
    if ((g & (kUnit - 1)) == 0 && g >= addr && g + kUnit <= end && record) {
      if (!(kWrite ? race::WritePair(a, g, cur, published)
                   : race::ReadPair(a, g, cur, published))) {
        // Both, even if the words are already ours: what they replaced has not been looked at.
        race::SlowGranule(a, g, kFullMask, kWrite, cur, &log, &conflict);
        race::SlowGranule(a, g + kGranule, kFullMask, kWrite, cur, &log, &conflict);
        if ((++slow & 255) == 0) RefreshDeadClock();
      }
      g = SkipCurrent(g + kUnit, GranuleOf(end), kWrite, ReadTcb64<abi::kTlsEpoch>(),
                      ReadTcb64<abi::kTlsShared>());
      continue;
    }
    const u32 mask = MaskIn(g, addr, end);
    const bool done = record && (kWrite ? race::WriteGranule(a, g, mask, cur, published)
                                        : race::ReadGranule(a, g, mask, cur, published));
    if (CSAN_UNLIKELY(!done)) {
      race::SlowGranule(a, g, mask, kWrite, cur, &log, &conflict);
      if ((++slow & 255) == 0) RefreshDeadClock();
    }
    g = SkipCurrent(g + kGranule, GranuleOf(end), kWrite, ReadTcb64<abi::kTlsEpoch>(),
                    ReadTcb64<abi::kTlsShared>());
  }
  if (conflict.kind == race::Conflict::Kind::kNone) return;
  race::CountRace();
  race::ReportConflict(a, {addr, size, kWrite, false, false, false, site}, conflict);
}

template <bool kWrite>
CSAN_ALWAYS_INLINE void Range(uptr addr, uptr size, uptr pc) {
  if (size == 0) return;
  Actor* a = Accessor();
  if (CSAN_UNLIKELY(a == nullptr || !HasShadow(addr) || !HasShadow(addr + size - 1))) return;
  const uptr end = addr + size;
  uptr g = GranuleOf(addr);
  const u64 cur = ReadTcb64<abi::kTlsEpoch>();
  // A granule that is touched in part is accepted here only if it is whole in the current epoch.
  g = SkipCurrent(g, (end + kGranule - 1) & ~(kGranule - 1), kWrite, cur,
                  ReadTcb64<abi::kTlsShared>());
  if (CSAN_LIKELY(g >= end)) return;
  RangeMiss<kWrite>(a, addr, size, g, pc);
}

}  // namespace

void OnAccess(uptr addr, uptr size, bool write, uptr pc) {
  write ? Range<true>(addr, size, pc) : Range<false>(addr, size, pc);
}

}  // namespace csan
