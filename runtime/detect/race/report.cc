// From a conflict to a finding: who, where, with which locks, on what, and why nothing orders them.
#include "actor/foreign.h"
#include "actor/scope.h"
#include "base/format.h"
#include "base/string.h"
#include "detect/evidence.h"
#include "detect/race/benign.h"
#include "detect/race/conflict.h"
#include "memory/heap.h"
#include "report/finding.h"
#include "shadow/cell.h"
#include "shadow/shadow.h"

namespace csan::race {
namespace {

// Walks the path that FoundAccess names: stack, address, stack, address, …
void FillLocks(StackId set, Access* access) {
  access->locks = 0;
  while (set != 0 && access->locks < 4) {
    const StackNode& taken = NodeAt(set);
    const StackNode& lock = NodeAt(taken.parent);
    Lock& out = access->lock[access->locks++];
    out.addr = lock.pc_note & kPcMask;
    out.write = (lock.pc_note >> 48 & kNoteWrite) != 0;
    FillStack(static_cast<StackId>(taken.pc_note & kPcMask), &out.taken);
    set = lock.parent;
  }
}

void FillHeld(const Actor* a, Access* access) {
  access->locks = 0;
  for (u32 i = a->held_count; i-- > 0 && access->locks < 4;) {
    Lock& out = access->lock[access->locks++];
    out.addr = a->held[i].addr;
    out.write = a->held[i].mode == LockMode::kWrite;
    FillStack(a->held[i].taken, &out.taken);
  }
}

void FillObject(Finding* f, uptr addr) {
  Object& o = f->object;
  BlockInfo block;
  if (FindBlock(addr, &block)) {
    o.kind = Object::Kind::kHeap;
    o.begin = block.begin;
    o.size = block.size;
    o.actor = block.alloc_actor;
    o.freed = block.state == BlockState::kFreed;
    FillStack(block.alloc_stack, &o.allocated);
    AddActor(f, o.actor);
    return;
  }
  LockActors();
  for (Actor* a = FirstActor(); a != nullptr; a = a->next) {
    const RareInfo* const rare = RareOf(a->id);
    if (addr >= rare->tls_lo && addr < rare->tls_hi) {
      o.kind = Object::Kind::kTls;
      o.begin = rare->tls_lo;
      o.size = rare->tls_hi - rare->tls_lo;
      o.actor = a->id;
      break;
    }
    if (addr >= a->info->stack_lo && addr < a->info->stack_hi) {
      o.kind = Object::Kind::kStack;
      o.begin = a->info->stack_lo;
      o.size = a->info->stack_hi - a->info->stack_lo;
      o.actor = a->id;
    }
  }
  UnlockActors();
  if (o.kind != Object::Kind::kUnknown) {
    AddActor(f, o.actor);
  } else {
    o.kind = Object::Kind::kGlobal;  // confirmed, or not, by the symbol table
  }
}

const Lock* CommonLock(const Access& now, const Access& before) {
  for (u32 i = 0; i < now.locks; i++) {
    for (u32 k = 0; k < before.locks; k++) {
      if (now.lock[i].addr == before.lock[k].addr) return &now.lock[i];
    }
  }
  return nullptr;
}

// Accesses whose stamp is all that is kept of them; they held no lock.
u32 CountStamped(uptr lo, uptr hi) {
  u32 n = 0;
  for (uptr unit = UnitOf(lo); unit < hi; unit += kUnit) {
    const Word tag = __atomic_load_n(WriteWord(unit), __ATOMIC_RELAXED);
    if (!IsCell(tag)) continue;
    const Cell& cell = cells[CellIndex(tag)];
    const u32 mask = MaskIn(unit, lo, hi) | MaskIn(unit + kGranule, lo, hi) << 4;
    for (u32 i = 0; i < cell.n && i < Cell::kInline; i++) {
      const CellEntry e = LoadEntry(&cell.at[i]);
      if ((e.mask & mask) != 0 && StampIn(e).site != 0) n++;
    }
  }
  return n;
}

// "Of the 7 accesses still recorded for these bytes 5 held lock 0x1234."
void TellCensus(const Access& now, Text* why) {
  LockCensus census = {};
  const uptr lo = now.addr;
  const uptr hi = now.addr + now.size;
  for (u32 id = 0; id < ActorsEver(); id++) InfoOf(id)->history.Count(lo, hi, &census);
  History::CountFinished(lo, hi, &census);
  census.accesses += CountStamped(lo, hi);
  u32 best = 0;
  for (u32 i = 1; i < census.locks; i++) {
    if (census.lock[i].held > census.lock[best].held) best = i;
  }
  if (census.locks == 0 || census.accesses < 3) return;
  why->Str(" Of the ").Dec(census.accesses).Str(" accesses still recorded for these bytes ");
  why->Dec(census.lock[best].held).Str(" held lock ").Hex(census.lock[best].addr).Put('.');
}

void Explain(Finding* f) {
  Text why(f->why, sizeof(f->why));
  const Access& now = f->now;
  const Access& before = f->before;
  if (f->kind == FindingKind::kUseAfterFree) {
    why.Str("the block was freed before this access, in program order.");
    return;
  }
  if (now.locks == 0 && before.locks == 0) {
    why.Str("no release by ");
    why.Str(before.actor == 0 ? "the main thread" : "the earlier thread");
    why.Str(" after its access reaches this one, and neither held a lock.");
  } else if (const Lock* common = CommonLock(now, before)) {
    why.Str("both held lock ").Hex(common->addr);
    why.Str(", but only as readers, which excludes no other reader.");
  } else if (now.locks == 0 || before.locks == 0) {
    const Access& with = now.locks != 0 ? now : before;
    why.Str("the ").Str(now.locks != 0 ? "current" : "earlier").Str(" access held lock ");
    why.Hex(with.lock[0].addr).Str(", the other held none.");
  } else {
    why.Str("they held different locks: ").Hex(before.lock[0].addr).Str(" and ");
    why.Hex(now.lock[0].addr).Put('.');
  }
  TellCensus(now, &why);
}

void ExplainModule(Finding* f, const char* module) {
  Text why(f->why, sizeof(f->why));
  why.Str("nothing that CSan knows of orders them, but ").Str(module);
  why.Str(" may: it is not instrumented, and both threads called it. Build it with ");
  why.Str("-fsanitize=concurrency to know.");
}

}  // namespace

void ReportConflict(Actor* a, const Current& current, const Conflict& conflict) {
  if (CSAN_UNLIKELY(benign_declared) && IsBenign(current.addr, current.size)) return;
  RuntimeScope scope;
  const u64 tls_word = ReadTcb64<abi::kTlsEpoch>();
  const u64 tls_shared = ReadTcb64<abi::kTlsShared>();
  Finding* f = BeginFinding();
  Access& now = f->now;
  now.addr = current.addr;
  now.size = current.size;
  now.write = current.write;
  now.atomic = current.atomic;
  now.vptr = current.vptr;
  now.free = current.free;
  now.actor = a->id;
  FillStack(current.site, &now.stack);
  FillHeld(a, &now);
  AddActor(f, a->id);
  f->kind = current.free   ? FindingKind::kFreeRace
            : current.vptr ? FindingKind::kVptrRace
                           : FindingKind::kDataRace;

  Access& before = f->before;
  before.write = conflict.earlier_write;
  before.atomic = conflict.earlier_atomic;
  before.addr = conflict.granule;
  before.size = kGranule;
  if (conflict.kind == Conflict::Kind::kFreed) {
    BlockInfo block;
    before.free = true;
    f->kind = conflict.earlier != 0 ? FindingKind::kFreeRace : FindingKind::kUseAfterFree;
    if (FindBlock(conflict.granule, &block)) {
      before.addr = block.begin;
      before.size = block.size;
      before.actor = block.free_actor;
      FillStack(block.free_stack, &before.stack);
    }
  } else {
    before.actor = conflict.earlier_actor;
    if (conflict.kept) {
      const FoundAccess& found = conflict.found;
      before.addr = found.addr;
      before.size = found.size;
      const u64 note = NodeAt(found.site).pc_note >> 48;
      before.write = (note & kNoteWrite) != 0;
      before.atomic = (note & kNoteAtomic) != 0;
      FillStack(found.site, &before.stack);
      FillLocks(found.lock_set, &before);
    } else {
      before.stack.kept = false;
      before.addr += static_cast<uptr>(__builtin_ctz(MaskOf(conflict.earlier) | 16));
      before.size = static_cast<uptr>(__builtin_popcount(MaskOf(conflict.earlier)));
    }
  }
  AddActor(f, before.actor);
  const char* module = conflict.kind == Conflict::Kind::kRace && !current.free
                           ? MayBeOrderedBy(a, conflict.earlier_actor, conflict.earlier)
                           : nullptr;
  if (module != nullptr) f->kind = FindingKind::kPossibleRace;
  FillObject(f, conflict.granule < current.addr ? current.addr : conflict.granule);
  module != nullptr ? ExplainModule(f, module) : Explain(f);
  SubmitFinding(f);
  WriteTcb64<abi::kTlsEpoch>(tls_word);
  WriteTcb64<abi::kTlsShared>(tls_shared);
}

void ReportBadFree(Actor* a, uptr addr, bool freed_before, uptr pc) {
  RuntimeScope scope;
  Finding* f = BeginFinding();
  f->kind = freed_before ? FindingKind::kDoubleFree : FindingKind::kInvalidFree;
  f->now.addr = addr;
  f->now.write = f->now.free = true;
  f->now.actor = a->id;
  FillStack(SiteAt(a, pc), &f->now.stack);
  AddActor(f, a->id);
  BlockInfo block;
  if (FindBlock(addr, &block)) {
    f->now.size = block.size;
    if (freed_before) {
      f->before.addr = block.begin;
      f->before.size = block.size;
      f->before.free = true;
      f->before.actor = block.free_actor;
      FillStack(block.free_stack, &f->before.stack);
      AddActor(f, block.free_actor);
    }
    FillObject(f, addr);
  }
  SubmitFinding(f);
}

}  // namespace csan::race
