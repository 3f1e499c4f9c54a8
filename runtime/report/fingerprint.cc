// What makes two findings the same bug, so that it is counted once and a baseline knows it again.
//
// Of each stack: the names of the program's own functions (of all, if none has a source outside /usr: what
// the C++ library calls on the way differs by version), and how far below the beginning of its function
// the innermost line of the program's own source is. So neither lines inserted above the function, nor
// address randomisation, thread numbers, directories or the machine change it; two bugs in one function
// differ by that line, or by the name of the object. Not whether the access reads or writes: an
// increment is both, and which of them meets the other thread is chance. For the same reason the order
// of stacks does not count, nor how many are equal (workers of a pool that wait at the same place).
//
// A stack without any name, of a program that could not be symbolised, counts by its places in the modules:
// other builds have others.
//
// It says the same of two bugs in one line about objects without a name; lines inserted between the
// beginning of the function and the place give another one.
#include "base/string.h"
#include "report/rendered.h"

namespace csan {
namespace {

constexpr u64 kSeed = 0xCBF29CE484222325ull;
constexpr u32 kFrames = 8;

u64 Mix(u64 h, u64 value) { return (h ^ value) * 0x100000001B3ull; }

// The name without what the compiler appends when it splits or promotes a function: "f() (.cold)".
u64 HashName(u64 h, const char* name) {
  for (; *name != 0 && !StartsWith(name, " (."); name++) h = Mix(h, static_cast<u8>(*name));
  return Mix(h, 0xFF);
}

bool OwnSource(const Symbol& symbol) {
  return symbol.file[0] != 0 && !StartsWith(symbol.file, "/usr/");
}

u64 HashStack(const RenderedStack& stack) {
  u64 h = kSeed;
  u32 own = 0;
  for (u32 i = 0; i < stack.n && own < kFrames; i++) {
    const Symbol& symbol = stack.frame[i].symbol;
    if (!OwnSource(symbol)) continue;
    h = HashName(h, symbol.function);
    if (own++ == 0 && symbol.line >= symbol.function_line && symbol.function_line != 0) {
      h = Mix(h, symbol.line - symbol.function_line);
    }
  }
  for (u32 i = 0; own == 0 && i < stack.n && i < kFrames; i++) {
    const RenderedFrame& frame = stack.frame[i];
    h = HashName(h, frame.symbol.function);
    if (frame.symbol.function[0] != 0) continue;
    const char* module = StrRChr(frame.module, '/');
    h = Mix(HashName(h, module != nullptr ? module : frame.module), frame.offset);
  }
  return h;
}

// The sum over the steps that differ: in any order the same.
u64 HashSteps(const Rendered& r) {
  u64 hashes[Finding::kSteps];
  u32 n = 0;
  u64 sum = 0;
  for (u32 i = 0; i < r.finding->steps; i++) {
    const u64 h = HashName(HashStack(r.step[i]), r.object[i]);
    bool there = false;
    for (u32 k = 0; k < n; k++) there = there || hashes[k] == h;
    if (there) continue;
    hashes[n++] = h;
    sum += h * 0x9E3779B97F4A7C15ull;
  }
  return sum;
}

u64 HashAccesses(const Rendered& r) {
  const u64 a = HashStack(r.now);
  const u64 b = HashStack(r.before);
  return a < b ? a * 31 + b : b * 31 + a;
}

}  // namespace

u64 FingerprintOf(const Rendered& r) {
  u64 h = HashName(kSeed, NameOf(r.finding->kind));
  h = Mix(h, r.finding->steps != 0 ? HashSteps(r) : HashAccesses(r));
  return r.global_known ? HashName(h, r.global.function) : h;
}

}  // namespace csan
