#include "abi/layout.h"
#include "base/format.h"
#include "base/string.h"
#include "config/flags.h"
#include "report/rendered.h"

namespace csan {
namespace {

bool IsRuntimeCode(uptr pc) {
  const uptr lo = reinterpret_cast<uptr>(__start_csan_text);
  return pc - lo < reinterpret_cast<uptr>(__stop_csan_text) - lo;
}

bool IsRuntimeFrame(const char* function) {
  return StartsWith(function, "__csan_") || StartsWith(function, "csan::") ||
         StartsWith(function, "csan_slow") || StartsWith(function, "__csan");
}

bool IsBottom(const char* function) {
  return StrEq(function, "main") || StrEq(function, "start_thread") || StrEq(function, "_start") ||
         StrEq(function, "__libc_start_main");
}

// Takes off what LLVM appends to the names of the functions that it splits a coroutine into.
const char* TakeCoroutinePart(char* function) {
  constexpr struct {
    const char *suffix, *what;
  } kParts[] = {
      {" (.resume)", "resumed"}, {" (.destroy)", "destroyed"}, {" (.cleanup)", "destroyed"}};
  for (const auto& part : kParts) {
    const uptr length = StrLen(function);
    const uptr suffix = StrLen(part.suffix);
    if (length < suffix || !StrEq(function + length - suffix, part.suffix)) continue;
    function[length - suffix] = 0;
    return part.what;
  }
  return nullptr;
}

// Where a coroutine is suspended, which has no return address.
void RenderSite(uptr pc, RenderedFrame* out) {
  const auto* site = reinterpret_cast<const abi::SuspensionSite*>(pc & ~abi::kSitePc);
  *out = {};
  StrCopy(out->symbol.function, site->coroutine, sizeof(out->symbol.function));
  StrCopy(out->symbol.file, site->file, sizeof(out->symbol.file));
  out->symbol.line = site->line;
  out->symbol.column = site->column;
  out->symbol.function_line = site->coroutine_line;
  out->pc = reinterpret_cast<uptr>(site);
  if (const Module* module = ModuleAt(out->pc); module != nullptr) {
    out->offset = out->pc - module->bias;
    StrCopy(out->module, module->path, sizeof(out->module));
  }
}

void RenderStack(const Stack& stack, RenderedStack* out) {
  out->n = 0;
  out->kept = stack.kept;
  bool bottom = false;
  for (u32 i = 0; i < stack.n && !bottom; i++) {
    if (stack.pc[i] == 0 || IsRuntimeCode(stack.pc[i])) continue;
    if ((stack.pc[i] & abi::kSitePc) != 0) {
      if (out->n < RenderedStack::kMax) RenderSite(stack.pc[i], &out->frame[out->n++]);
      continue;
    }
    const uptr pc = stack.pc[i] - 1;
    Symbol symbols[kInlineMax];
    u32 n = Symbolize(pc, symbols, kInlineMax);
    const Module* module = ModuleAt(pc);
    if (n == 0) {
      symbols[0].function[0] = symbols[0].file[0] = 0;
      symbols[0].line = symbols[0].column = symbols[0].function_line = 0;
      n = 1;
    }
    for (u32 k = 0; k < n && out->n < RenderedStack::kMax; k++) {
      if (IsRuntimeFrame(symbols[k].function)) continue;
      RenderedFrame& frame = out->frame[out->n++];
      frame.symbol = symbols[k];
      frame.coroutine = TakeCoroutinePart(frame.symbol.function);
      frame.pc = pc;
      frame.offset = module != nullptr ? pc - module->bias : 0;
      StrCopy(frame.module, module != nullptr ? module->path : "", sizeof(frame.module));
      bottom = bottom || IsBottom(symbols[k].function);
    }
  }
}

// Each once, though both accesses may be one coroutine's.
void AddCoroutine(const Stack& stack, u32 actor, Rendered* out) {
  if (stack.creation == 0 || out->coroutines == Rendered::kCoroutines) return;
  for (u32 i = 0; i < out->coroutines; i++) {
    if (out->coroutine[i].creation == stack.creation && out->coroutine[i].actor == actor) return;
  }
  RenderedCoroutine& added = out->coroutine[out->coroutines++];
  added.actor = actor;
  added.creation = stack.creation;
  Stack created;
  FillStack(stack.creation, &created);
  RenderedStack& rendered = added.created;
  RenderStack(created, &rendered);
  // It is its own innermost frame there.
  added.function[0] = 0;
  if (rendered.n == 0) return;
  StrCopy(added.function, rendered.frame[0].symbol.function, sizeof(added.function));
  rendered.n--;
  for (u32 i = 0; i < rendered.n; i++) rendered.frame[i] = rendered.frame[i + 1];
}

}  // namespace

void Render(const Finding& finding, Rendered* out) {
  out->finding = &finding;
  RenderStack(finding.now.stack, &out->now);
  RenderStack(finding.before.stack, &out->before);
  for (u32 i = 0; i < finding.now.locks; i++)
    RenderStack(finding.now.lock[i].taken, &out->lock[0][i]);
  for (u32 i = 0; i < finding.before.locks; i++) {
    RenderStack(finding.before.lock[i].taken, &out->lock[1][i]);
  }
  for (u32 i = 0; i < finding.steps; i++) {
    RenderStack(finding.step[i].stack, &out->step[i]);
    Symbol symbol;
    uptr begin = 0;
    uptr size = 0;
    const bool known = SymbolizeData(finding.step[i].object, &symbol, &begin, &size);
    StrCopy(out->object[i], known ? symbol.function : "", sizeof(out->object[i]));
  }
  for (u32 i = 0; i < finding.actors; i++) RenderStack(finding.actor[i].created, &out->created[i]);
  out->coroutines = 0;
  if (finding.steps == 0) {
    AddCoroutine(finding.now.stack, finding.now.actor, out);
    AddCoroutine(finding.before.stack, finding.before.actor, out);
  }
  for (u32 i = 0; i < finding.steps; i++) {
    AddCoroutine(finding.step[i].stack, finding.step[i].actor, out);
  }
  RenderStack(finding.object.allocated, &out->allocated);
  out->global_known = false;
  if (finding.object.kind == Object::Kind::kGlobal) {
    uptr begin = 0;
    uptr size = 0;
    out->global_known = SymbolizeData(finding.now.addr, &out->global, &begin, &size);
    if (out->global_known) {
      const_cast<Finding&>(finding).object.begin = begin;
      const_cast<Finding&>(finding).object.size = size;
    }
  }
  out->fingerprint = FingerprintOf(*out);
}

void PutActor(Text* text, const Finding& finding, u32 actor) {
  if (actor == 0) {
    text->Str("main thread");
    return;
  }
  const char* kind = "thread";
  const char* name = "";
  for (u32 i = 0; i < finding.actors; i++) {
    const ActorRecord& one = finding.actor[i];
    if (one.parent == actor) kind = one.parent_kind;
    if (one.id != actor) continue;
    kind = one.kind;
    name = one.name;
    break;
  }
  // Readers of ThreadSanitizer's format know nothing else.
  if (StrEq(kind, "thread") || StrEq(flags().format.text, "tsan")) {
    text->Str("thread T").Dec(actor);
  } else {
    text->Str(kind).Put(' ').Dec(actor);
  }
  if (name[0] != 0) text->Str(" '").Str(name).Put('\'');
}

const char* AccessVerb(const Access& access) {
  if (access.free) return "free";
  if (access.atomic) return access.write ? "atomic write" : "atomic read";
  return access.write ? "write" : "read";
}

}  // namespace csan
