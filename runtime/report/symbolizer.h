// Addresses to functions and lines, through one llvm-symbolizer that is started at the first report
// and lives as long as the program: the second report costs microseconds.
#pragma once

#include "base/types.h"

namespace csan {

struct Symbol {
  char function[192];
  char file[224];
  u32 line, column;
  u32 function_line;  // where the function begins; 0 if unknown
};

struct Module {
  uptr lo, hi, bias;
  char path[256];
};

constexpr u32 kInlineMax = 8;

// The frames at `pc` (innermost inlined function first); 0 if unknown. `pc` is an address inside the
// instruction, that is, a return address minus one.
u32 Symbolize(uptr pc, Symbol* out, u32 capacity);
// The global variable at `addr`.
bool SymbolizeData(uptr addr, Symbol* out, uptr* begin, uptr* size);
const Module* ModuleAt(uptr pc);

struct BuildId {
  static constexpr u32 kMax = 20;
  u32 n;  // 0: the module has none
  u8 byte[kMax];
};
// As the linker noted it in the module, read from memory: the file may have been replaced since.
BuildId BuildIdOf(const Module& module);
void ForgetSymbolizer();  // in a fork child

}  // namespace csan
