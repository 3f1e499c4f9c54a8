// Where a plain access is made, and how it is logged: for the hooks of plain_gpr.cc. Integer code.
#pragma once

#include "actor/actor.h"
#include "actor/recording.h"
#include "base/types.h"
#include "trace/stack_table.h"

namespace csan {

struct Place {
  uptr pc;      // return address of the hook, inside the accessing function
  uptr caller;  // return address of the accessing function
};

CSAN_ALWAYS_INLINE StackEntry* Top() {
  return reinterpret_cast<StackEntry*>(ReadTcb64<abi::kTlsStackTop>()) - 1;
}

// Called with the program's registers live: whatever these call may use them, so they save them.
__attribute__((preserve_all)) CSAN_NOINLINE inline StackId FindPath(Actor* a, const Place& place) {
  const StackId path = StackTop(a);
  // A leaf function pushes nothing: its caller's call site is found by the frame pointer.
  return Top()->pc == place.caller ? path : SiteFor(a, path, PackSite(place.caller, kNoteNone, 0));
}
__attribute__((preserve_all)) CSAN_NOINLINE inline StackId FindSite(Actor* a, StackId path,
                                                                    u64 pc_note) {
  return SiteFor(a, path, pc_note);
}

// The stack up to and with the call of the accessing function.
CSAN_ALWAYS_INLINE StackId PathTo(Actor* a, const Place& place) {
  StackEntry* top = Top();
  if (CSAN_UNLIKELY(top->pc != place.caller)) {
    const u64 call = PackSite(place.caller, kNoteNone, 0);
    const SiteLine& line = SiteLineFor(a, top->node, call);
    const bool known = line.pc_note == call && line.parent == top->node && top->node != 0;
    return CSAN_LIKELY(known && top >= a->stack_base) ? line.site : FindPath(a, place);
  }
  if (CSAN_LIKELY(top->node != 0)) return top->node;
  // A function just entered, which has been called from the same place before.
  if (top > a->stack_base && top[-1].node != 0 &&
      IsNode(top->last, top[-1].node, PackSite(top->pc, kNoteNone, 0))) {
    return top->node = top->last;
  }
  return FindPath(a, place);
}

CSAN_ALWAYS_INLINE StackId SiteOn(Actor* a, StackId path, u64 pc_note) {
  const SiteLine& line = SiteLineFor(a, path, pc_note);
  if (CSAN_LIKELY(line.pc_note == pc_note && line.parent == path)) return line.site;
  return FindSite(a, path, pc_note);
}

CSAN_ALWAYS_INLINE RunLine& RunLineFor(Actor* a, uptr pc) {
  return a->desk->runs[(pc ^ (pc >> 6)) & (Desk::kRunLines - 1)];
}

// What the instruction had last is often it.
CSAN_ALWAYS_INLINE StackId SiteAgain(Actor* a, const RunLine& line, StackId path, u64 pc_note) {
  const StackId last = line.site;
  return CSAN_LIKELY(IsNode(last, path, pc_note)) ? last : SiteOn(a, path, pc_note);
}

// Logs an access, or makes the run that it continues one longer.
CSAN_ALWAYS_INLINE void LogStep(Actor* a, uptr addr, u64 pc_note, const Place& place) {
  const StackId path = PathTo(a, place);
  RunLine& line = RunLineFor(a, place.pc);
  const uptr stride = addr - line.addr;
  bool run = false;
  if (line.pc_note == pc_note && line.parent == path && line.section == a->log_section &&
      line.chunk == a->log_chunk && stride - 1 < (1u << kRunStrideBits) - 1) {
    run = line.stride == stride;
    if (run && line.marker != nullptr) {
      const u64 count = (*line.marker >> (kStackIdBits + kRunStrideBits) & kRunCountMax) + 1;
      if (CSAN_LIKELY(count <= kRunCountMax)) {
        line.addr = addr;
        __atomic_store_n(line.marker, LogMarker(Marker::kRun, RunPayload(count, stride)),
                         __ATOMIC_RELEASE);
        return;
      }
    }
  }
  const StackId site = SiteAgain(a, line, path, pc_note | (addr & 3) << 60);
  u64* at = a->log_cursor;
  *at++ = LogEntry(addr, site);
  line = {pc_note, path,    static_cast<u32>(stride), addr,
          site,    nullptr, a->log_section,           a->log_chunk};
  if (run) {
    line.marker = at;
    *at++ = LogMarker(Marker::kRun, RunPayload(1, stride));
  }
  __atomic_store_n(&a->log_cursor, at, __ATOMIC_RELEASE);
}

}  // namespace csan
