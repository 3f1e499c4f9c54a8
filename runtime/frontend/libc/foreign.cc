#include "frontend/libc/foreign.h"

#include <dlfcn.h>
#include <link.h>
#include <sys/mman.h>

#include "actor/foreign.h"
#include "base/spin_lock.h"
#include "base/string.h"
#include "frontend/libc/foreign_slots.h"
#include "frontend/libc/modules.h"
#include "frontend/real.h"
#include "platform/linux/syscall.h"
#include "platform/platform.h"

extern "C" void csan_foreign_thunk();

namespace csan {
namespace {

constexpr u32 kModulesMax = 512;
constexpr uptr kPageSize = 4096;

struct Module {
  uptr base;
  const ElfW(Dyn) * dynamic;
  uptr lo, hi;
  const char* path;
  bool ours;
  bool foreign;
};
struct Modules {
  Module at[kModulesMax];
  u32 count;
};
constinit Modules* modules = nullptr;
constinit u32 slots_used = 0;
constinit u64 seen_loads = 0;  // of the loader's count
constinit SpinLock lock;

// Libraries whose synchronisation is known, by interception or because they have none.
bool IsKnown(const char* path) {
  constexpr const char* kKnown[] = {
      "libc.so",      "libm.so",    "libstdc++.so", "libgcc_s.so",      "ld-linux",   "libpthread.",
      "librt.so",     "libdl.so",   "libanl.so",    "libresolv.so",     "libutil.so", "libc++",
      "libclang_rt.", "linux-vdso", "libunwind.so", "libboost_context."};
  const char* const name = BaseName(path);
  for (const char* known : kKnown) {
    if (StartsWith(name, known)) return true;
  }
  return false;
}

Module Describe(const dl_phdr_info& info) {
  Module m = {info.dlpi_addr, nullptr, ~0ul, 0, info.dlpi_name, false, false};
  for (u32 i = 0; i < info.dlpi_phnum; i++) {
    const ElfW(Phdr) & segment = info.dlpi_phdr[i];
    const uptr at = info.dlpi_addr + segment.p_vaddr;
    if (segment.p_type == PT_DYNAMIC) m.dynamic = reinterpret_cast<const ElfW(Dyn)*>(at);
    if (segment.p_type != PT_LOAD) continue;
    if (at < m.lo) m.lo = at;
    if (at + segment.p_memsz > m.hi) m.hi = at + segment.p_memsz;
    if ((segment.p_flags & PF_X) != 0 && IsInstrumented(at)) m.ours = true;
  }
  // The first one, the program itself, has no name, and a reason of its own not to be instrumented.
  m.foreign = !m.ours && m.path[0] != 0 && !IsKnown(m.path);
  return m;
}

int Collect(dl_phdr_info* info, size_t, void* counted) {
  *static_cast<u64*>(counted) = info->dlpi_adds;
  if (modules->count < kModulesMax) modules->at[modules->count++] = Describe(*info);
  return 0;
}
int CountLoads(dl_phdr_info* info, size_t, void* counted) {
  *static_cast<u64*>(counted) = info->dlpi_adds;
  return 1;
}

const Module* ForeignAt(uptr address) {
  for (u32 i = 0; i < modules->count; i++) {
    const Module& m = modules->at[i];
    if (m.foreign && address >= m.lo && address < m.hi) return &m;
  }
  return nullptr;
}

// The loader has made addresses of most entries.
uptr Pointed(const Module& m, uptr value) { return value < m.base ? value + m.base : value; }

struct Table {
  const ElfW(Rela) * entry;
  uptr count;
  const ElfW(Sym) * symbols;
  const char* strings;
};
Table TableOf(const Module& m) {
  Table t = {};
  if (m.dynamic == nullptr) return t;
  for (const ElfW(Dyn)* d = m.dynamic; d->d_tag != DT_NULL; d++) {
    const uptr value = d->d_un.d_val;
    if (d->d_tag == DT_JMPREL) t.entry = reinterpret_cast<decltype(t.entry)>(Pointed(m, value));
    if (d->d_tag == DT_PLTRELSZ) t.count = value / sizeof(ElfW(Rela));
    if (d->d_tag == DT_SYMTAB) t.symbols = reinterpret_cast<decltype(t.symbols)>(Pointed(m, value));
    if (d->d_tag == DT_STRTAB) t.strings = reinterpret_cast<const char*>(Pointed(m, value));
  }
  if (t.entry == nullptr || t.symbols == nullptr || t.strings == nullptr) t.count = 0;
  return t;
}

// Where a call by the entry goes; 0 if that is not known.
uptr TargetOf(const Module& m, uptr entry, const char* name) {
  const uptr now = *reinterpret_cast<const uptr*>(entry);
  if (now < m.lo || now >= m.hi) return now;
  return reinterpret_cast<uptr>(dlsym(RTLD_DEFAULT, name));
}

// `push index; jmp *common`, in 16 bytes; `common` is in the last eight of the page before.
void WriteThunk(u8* at, u32 index, const u8* common) {
  const auto distance = static_cast<i32>(common - (at + 11));
  at[0] = 0x68;
  MemCopy(at + 1, &index, sizeof(index));
  at[5] = 0xFF;
  at[6] = 0x25;
  MemCopy(at + 7, &distance, sizeof(distance));
}

// Thunks for one round, on pages that become executable before anyone jumps there.
struct Thunks {
  static constexpr uptr kSize = 16;
  u8* pages;
  uptr size;
  u8* At(u32 index) const { return pages + kPageSize + index * kSize; }
};

void Protect(uptr at, uptr size, int protection) {
  const uptr page = at & ~(kPageSize - 1);
  Syscall(__NR_mprotect, page, at + size - page, static_cast<uptr>(protection));
}

// `in` is the mapping of the entry before: a module's lie together, and each look-up reads a file of /proc.
void Replace(uptr entry, const u8* thunk, Mapping* in) {
  if (entry < in->lo || entry >= in->hi) FindMapping(entry, in);
  if (!in->writable) Protect(entry, sizeof(uptr), PROT_READ | PROT_WRITE);
  __atomic_store_n(reinterpret_cast<uptr*>(entry), reinterpret_cast<uptr>(thunk), __ATOMIC_RELEASE);
  if (!in->writable) Protect(entry, sizeof(uptr), PROT_READ);
}

template <typename Visit>
void ForEachForeignEntry(Visit visit) {
  for (u32 i = 0; i < modules->count; i++) {
    const Module& m = modules->at[i];
    if (!m.ours) continue;
    const Table t = TableOf(m);
    for (uptr k = 0; k < t.count; k++) {
      if (ELF64_R_TYPE(t.entry[k].r_info) != R_X86_64_JUMP_SLOT) continue;
      const uptr entry = m.base + t.entry[k].r_offset;
      const char* name = t.strings + t.symbols[ELF64_R_SYM(t.entry[k].r_info)].st_name;
      const uptr target = TargetOf(m, entry, name);
      if (const Module* foreign = ForeignAt(target)) visit(entry, target, *foreign);
    }
  }
}

void WatchAll() {
  u32 needed = 0;
  ForEachForeignEntry([&](uptr, uptr, const Module&) { needed++; });
  if (needed == 0 || slots_used + needed > kForeignSlots) return;
  if (foreign_slots == nullptr) {
    foreign_slots =
        static_cast<ForeignSlot*>(MapMemory(sizeof(ForeignSlot) * kForeignSlots, "foreign calls"));
  }
  Thunks thunks = {};
  thunks.size = kPageSize + (needed * Thunks::kSize + kPageSize - 1) / kPageSize * kPageSize;
  thunks.pages = static_cast<u8*>(MapMemory(thunks.size, "foreign calls"));
  u8* const common = thunks.pages + kPageSize - sizeof(uptr);
  const auto destination = reinterpret_cast<uptr>(csan_foreign_thunk);
  MemCopy(common, &destination, sizeof(destination));
  for (u32 i = 0; i < needed; i++) WriteThunk(thunks.At(i), slots_used + i, common);
  Protect(reinterpret_cast<uptr>(thunks.pages), thunks.size, PROT_READ | PROT_EXEC);
  u32 i = 0;
  Mapping in = {};
  ForEachForeignEntry([&](uptr entry, uptr target, const Module& module) {
    foreign_slots[slots_used + i] = {target, ForeignModule(module.path)};
    Replace(entry, thunks.At(i), &in);
    i++;
  });
  slots_used += needed;
}

}  // namespace

void WatchForeignCalls() {
  RuntimeScope scope;
  u64 loads = 0;
  dl_iterate_phdr(CountLoads, &loads);
  if (loads == __atomic_load_n(&seen_loads, __ATOMIC_ACQUIRE)) return;
  SpinGuard guard(lock);
  if (loads == seen_loads) return;
  if (modules == nullptr) modules = static_cast<Modules*>(MapMemory(sizeof(Modules), "modules"));
  modules->count = 0;
  dl_iterate_phdr(Collect, &loads);
  WatchAll();
  __atomic_store_n(&seen_loads, loads, __ATOMIC_RELEASE);
}

}  // namespace csan
