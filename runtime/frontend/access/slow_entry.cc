// Where the integer-only hooks arrive with the program's registers saved, and the range hooks.
#include "abi/hooks.h"
#include "actor/actor.h"
#include "detect/race/race.h"
#include "detect/race/slow.h"
#include "init/init.h"
#include "shadow/shadow.h"

using csan::u64;
using csan::uptr;

extern "C" {

constinit unsigned char csan_cpu_has_avx __attribute__((visibility("hidden"))) = 0;

// what: size in the low 32 bits, bit 32 write, bit 33 vtable pointer, bit 34 logged already,
// bit 35 conflicts must be looked for though the access is recorded.
__attribute__((visibility("hidden"), used)) void csan_slow_access(uptr addr, u64 what, uptr pc,
                                                                  uptr caller) {
  using namespace csan;
  Actor* a = Accessor();
  const uptr size = static_cast<u32>(what);
  if (a == nullptr || size == 0 || !HasShadow(addr) || !HasShadow(addr + size - 1)) return;
  RuntimeScope scope;
  const bool write = (what >> 32 & 1) != 0;
  const u32 note = (write ? kNoteWrite : kNoteNone) | ((what >> 33 & 1) != 0 ? kNoteVptr : 0u);
  StackId parent = StackTop(a);
  const StackEntry* top = reinterpret_cast<const StackEntry*>(ReadTcb64<abi::kTlsStackTop>()) - 1;
  if (top->pc != caller) parent = SiteFor(a, parent, PackSite(caller, kNoteNone, 0));
  race::SlowAccess(a, addr, size, write, (what >> 34 & 1) != 0, (what >> 35 & 1) != 0,
                   SiteFor(a, parent, PackSite(pc, note, SizeCode(size), addr)));
}

CSAN_INTERFACE void __csan_range_read(uptr addr, u64 size) {
  csan::OnAccess(addr, size, false, reinterpret_cast<uptr>(__builtin_return_address(0)));
}

CSAN_INTERFACE void __csan_range_write(uptr addr, u64 size) {
  csan::OnAccess(addr, size, true, reinterpret_cast<uptr>(__builtin_return_address(0)));
}

CSAN_INTERFACE unsigned long __csan_race_count() { return csan::RaceCount(); }
}
