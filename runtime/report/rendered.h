// A finding with its names: symbolised once, then read by every format.
#pragma once

#include "base/types.h"
#include "report/finding.h"
#include "report/symbolizer.h"

namespace csan {

struct RenderedFrame {
  Symbol symbol;
  const char* coroutine;  // "resumed" or "destroyed": part of one; else null
  uptr pc;
  uptr offset;  // in the module
  char module[sizeof(Module::path)];
};

struct RenderedStack {
  static constexpr u32 kMax = 48;
  u32 n;
  bool kept;
  RenderedFrame frame[kMax];
};

// Of one that was resumed or destroyed in one of the stacks.
struct RenderedCoroutine {
  u32 actor;  // by whom
  u32 creation;
  char function[sizeof(Symbol::function)];
  RenderedStack created;  // from where it was called
};

struct Rendered {
  const Finding* finding;
  RenderedStack now, before;
  RenderedStack lock[2][4];
  RenderedStack step[Finding::kSteps];
  char object[Finding::kSteps][64];  // the global that a step is about; empty if it is none
  RenderedStack created[Finding::kActors];
  RenderedStack allocated;
  static constexpr u32 kCoroutines = 8;
  RenderedCoroutine coroutine[kCoroutines];
  u32 coroutines;
  Symbol global;
  bool global_known;
  u64 fingerprint;
};

// Fills `out` (static, large). Runtime frames are left out, and what lies below main or the thread's
// function.
void Render(const Finding& finding, Rendered* out);

// "thread T3 'worker'", "goroutine 7", "main thread".
void PutActor(class Text* text, const Finding& finding, u32 actor);
const char* AccessVerb(const Access& access);  // "write", "atomic read", …

// Equal for equal bugs, whenever and wherever the program ran (fingerprint.cc).
u64 FingerprintOf(const Rendered& r);

void PutText(class Text* text, const Rendered& r);
void PutTsan(class Text* text, const Rendered& r);
void PutJson(class Text* text, const Rendered& r);

}  // namespace csan
