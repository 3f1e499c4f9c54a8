// Addresses to functions and lines, through one llvm-symbolizer that is started at the first report
// and lives as long as the program: the second report costs microseconds.
#pragma once

#include "base/types.h"

namespace csan {

struct Symbol {
  char function[192];
  char file[224];
  u32 line, column;
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
void ForgetSymbolizer();  // in a fork child

}  // namespace csan
