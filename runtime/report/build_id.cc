// The note NT_GNU_BUILD_ID of a loaded module: with it the tools find the module's debug information
// later, on another machine, and never take that of another build for it.
#include <elf.h>

#include "platform/platform.h"
#include "report/symbolizer.h"

namespace csan {
namespace {

constexpr u32 kSegmentsMax = 64;
constexpr u32 kNotesMax = 64;

uptr Aligned(uptr size, uptr to) { return (size + to - 1) & ~(to - 1); }

// Whether there was such a note in [at, end).
bool ReadNotes(uptr at, uptr end, uptr align, BuildId* id) {
  for (u32 i = 0; i < kNotesMax && at + sizeof(Elf64_Nhdr) <= end; i++) {
    Elf64_Nhdr note;
    u32 name = 0;
    if (!TryRead(at, &note, sizeof(note))) return false;
    const uptr data = at + sizeof(note) + Aligned(note.n_namesz, align);
    constexpr u32 kGnu = 'G' | 'N' << 8 | 'U' << 16;
    if (note.n_type == NT_GNU_BUILD_ID && note.n_namesz == sizeof(name) &&
        TryRead(at + sizeof(note), &name, sizeof(name)) && name == kGnu) {
      id->n = note.n_descsz < BuildId::kMax ? note.n_descsz : BuildId::kMax;
      if (!TryRead(data, id->byte, id->n)) id->n = 0;
      return true;
    }
    at = data + Aligned(note.n_descsz, align);
  }
  return false;
}

}  // namespace

BuildId BuildIdOf(const Module& module) {
  BuildId id = {};
  Elf64_Ehdr header;
  if (!TryRead(module.bias, &header, sizeof(header)) || header.e_ident[EI_MAG0] != ELFMAG0 ||
      header.e_ident[EI_MAG1] != ELFMAG1 || header.e_phentsize != sizeof(Elf64_Phdr)) {
    return id;
  }
  for (u32 i = 0; i < header.e_phnum && i < kSegmentsMax; i++) {
    Elf64_Phdr segment;
    const uptr at = module.bias + header.e_phoff + i * sizeof(segment);
    if (!TryRead(at, &segment, sizeof(segment))) return id;
    if (segment.p_type != PT_NOTE) continue;
    const uptr notes = module.bias + segment.p_vaddr;
    const uptr align = segment.p_align == 8 ? 8 : 4;
    if (ReadNotes(notes, notes + segment.p_memsz, align, &id)) return id;
  }
  return id;
}

}  // namespace csan
