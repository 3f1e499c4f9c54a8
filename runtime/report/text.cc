// Reports for people: format=text, and format=tsan in the shape that existing parsers know.
#include "base/format.h"
#include "base/string.h"
#include "config/flags.h"
#include "platform/platform.h"
#include "report/rendered.h"

namespace csan {
namespace {

bool OwnSource(const RenderedFrame& frame) {
  return frame.symbol.file[0] != 0 && !StartsWith(frame.symbol.file, "/usr/");
}

// The innermost caller in the program's own source.
void PutResumer(Text* text, const RenderedStack& stack, u32 i) {
  text->Str(", coroutine ").Str(stack.frame[i].coroutine);
  for (i++; i < stack.n; i++) {
    const RenderedFrame& frame = stack.frame[i];
    if (!OwnSource(frame)) continue;
    text->Str(" at ").Str(BaseName(frame.symbol.file)).Put(':').Dec(frame.symbol.line);
    return;
  }
}

void PutFrame(Text* text, const RenderedStack& stack, u32 i) {
  const RenderedFrame& frame = stack.frame[i];
  text->Str("    #").Dec(i).Put(' ');
  text->Str(frame.symbol.function[0] != 0 ? frame.symbol.function : "<unknown>");
  if (frame.symbol.file[0] != 0) {
    text->Put(' ').Str(frame.symbol.file).Put(':').Dec(frame.symbol.line);
    if (frame.symbol.column != 0) text->Put(':').Dec(frame.symbol.column);
  }
  if (frame.module[0] != 0) {
    const char* name = StrRChr(frame.module, '/');
    text->Str(" (").Str(name != nullptr ? name + 1 : frame.module).Put('+').Hex(frame.offset);
    text->Put(')');
  }
  if (frame.coroutine != nullptr) PutResumer(text, stack, i);
  text->Put('\n');
}

void PutStack(Text* text, const RenderedStack& stack) {
  if (!stack.kept) {
    text->Str("    stack no longer kept\n");
  } else if (stack.n == 0) {
    text->Str("    <no frames>\n");
  }
  for (u32 i = 0; i < stack.n; i++) PutFrame(text, stack, i);
  text->Put('\n');
}

// Words that begin a paragraph.
void PutBegin(Text* text, const Text& words) {
  text->Str("  ").Put(static_cast<char>(words.data()[0] - 'a' + 'A')).Str(words.data() + 1);
}

void PutAccess(Text* text, const Rendered& r, const Access& access, const RenderedStack& stack,
               bool earlier) {
  Line<32> verb;
  verb.Str(earlier ? "previous " : "").Str(AccessVerb(access));
  PutBegin(text, verb);
  text->Str(" of size ").Dec(access.size).Str(" at ").Hex(access.addr).Str(" by ");
  PutActor(text, *r.finding, access.actor);
  if (access.locks != 0) {
    text->Str(" (holding");
    for (u32 i = 0; i < access.locks; i++) {
      text->Str(i == 0 ? " " : ", ").Str(access.lock[i].write ? "lock " : "read lock ");
      text->Hex(access.lock[i].addr);
    }
    text->Put(')');
  }
  text->Str(":\n");
  PutStack(text, stack);
}

void PutLocks(Text* text, const Access& access, const RenderedStack* taken, const Finding& f) {
  for (u32 i = 0; i < access.locks; i++) {
    text->Str("  Lock ").Hex(access.lock[i].addr).Str(" was taken by ");
    PutActor(text, f, access.actor);
    text->Str(":\n");
    PutStack(text, taken[i]);
  }
}

void PutObject(Text* text, const Rendered& r) {
  const Finding& f = *r.finding;
  const Object& o = f.object;
  switch (o.kind) {
    case Object::Kind::kUnknown:
      return;
    case Object::Kind::kGlobal:
      if (!r.global_known) return;
      text->Str("  Location is global '").Str(r.global.function).Str("' of size ").Dec(o.size);
      text->Str(" at ").Hex(o.begin);
      if (r.global.file[0] != 0) {
        text->Str(" (").Str(r.global.file).Put(':').Dec(r.global.line).Put(')');
      }
      text->Str("\n\n");
      return;
    case Object::Kind::kHeap:
      text->Str("  Location is ").Str(o.freed ? "freed " : "").Str("heap block of size ");
      text->Dec(o.size).Str(" at ").Hex(o.begin).Str(" allocated by ");
      PutActor(text, f, o.actor);
      text->Str(":\n");
      PutStack(text, r.allocated);
      return;
    case Object::Kind::kStack:
      text->Str("  Location is stack of ");
      PutActor(text, f, o.actor);
      text->Str("\n\n");
      return;
    case Object::Kind::kTls:
      text->Str("  Location is a thread-local variable of ");
      PutActor(text, f, o.actor);
      text->Str("\n\n");
      return;
  }
}

void PutActors(Text* text, const Rendered& r) {
  const Finding& f = *r.finding;
  for (u32 i = 0; i < f.actors; i++) {
    const ActorRecord& a = f.actor[i];
    if (a.id == 0) continue;
    Line<64> name;
    PutActor(&name, f, a.id);
    PutBegin(text, name);
    if (StrEq(a.kind, "thread") || StrEq(flags().format.text, "tsan")) {
      text->Str(" (tid=").Dec(a.os_id);
      text->Str(a.running ? ", running" : ", finished").Str(") created by ");
    } else {
      text->Str(" (on ");
      PutActor(text, f, a.thread);
      text->Str(a.running ? "), created by " : "), which has ended, created by ");
    }
    PutActor(text, f, a.parent);
    text->Str(" at:\n");
    PutStack(text, r.created[i]);
  }
}

void PutCoroutines(Text* text, const Rendered& r) {
  for (u32 i = 0; i < r.coroutines; i++) {
    const RenderedCoroutine& c = r.coroutine[i];
    text->Str("  Coroutine ").Str(c.function[0] != 0 ? c.function : "<unknown>");
    text->Str(" (resumed by ");
    PutActor(text, *r.finding, c.actor);
    text->Str(") created at:\n");
    PutStack(text, c.created);
  }
}

void PutSteps(Text* text, const Rendered& r) {
  const Finding& f = *r.finding;
  for (u32 i = 0; i < f.steps; i++) {
    const Step& step = f.step[i];
    Line<64> name;
    PutActor(&name, f, step.actor);
    PutBegin(text, name);
    text->Put(' ').Str(step.what);
    if (step.object != 0) text->Put(' ').Hex(step.object);
    if (r.object[i][0] != 0) text->Str(" '").Str(r.object[i]).Put('\'');
    text->Str(":\n");
    PutStack(text, r.step[i]);
  }
  if (f.steps_left_out != 0) {
    text->Str("  … and ").Dec(f.steps_left_out).Str(" more\n\n");
  }
}

// The innermost frame of the program's own source, else of any.
const RenderedFrame* TopFrame(const Rendered& r) {
  for (u32 i = 0; i < r.now.n; i++) {
    if (OwnSource(r.now.frame[i])) return &r.now.frame[i];
  }
  for (u32 i = 0; i < r.now.n; i++) {
    if (r.now.frame[i].symbol.file[0] != 0) return &r.now.frame[i];
  }
  return r.now.n != 0 ? &r.now.frame[0] : nullptr;
}

void PutBody(Text* text, const Rendered& r, const char* tool, const char* title) {
  const Finding& f = *r.finding;
  text->Str("==================\n")
      .Str(Fails(f.kind) ? "WARNING: " : "NOTE: ")
      .Str(tool)
      .Str(": ")
      .Str(title)
      .Str(" (pid=");
  text->Dec(static_cast<u64>(GetPid())).Str(")\n");
  if (f.steps != 0) {
    PutSteps(text, r);
    PutCoroutines(text, r);
    PutActors(text, r);
    return;
  }
  PutAccess(text, r, f.now, r.now, false);
  if (f.before.addr != 0 || f.before.stack.n != 0) PutAccess(text, r, f.before, r.before, true);
  PutLocks(text, f.now, r.lock[0], f);
  PutLocks(text, f.before, r.lock[1], f);
  PutObject(text, r);
  PutCoroutines(text, r);
  PutActors(text, r);
}

void PutSummary(Text* text, const Rendered& r, const char* tool, const char* title) {
  text->Str("SUMMARY: ").Str(tool).Str(": ").Str(title);
  if (const RenderedFrame* top = TopFrame(r)) {
    text->Put(' ');
    if (top->symbol.file[0] != 0) {
      text->Str(top->symbol.file).Put(':').Dec(top->symbol.line);
    } else {
      text->Str(top->module);
    }
    if (top->symbol.function[0] != 0) text->Str(" in ").Str(top->symbol.function);
  }
  text->Str("\n==================\n");
}

}  // namespace

void PutText(Text* text, const Rendered& r) {
  const Finding& f = *r.finding;
  PutBody(text, r, "CSan", TitleOf(f.kind));
  if (f.why[0] != 0) text->Str("  Why: ").Str(f.why).Put('\n');
  if (const RenderedFrame* top = TopFrame(r); top != nullptr && top->symbol.function[0] != 0) {
    text->Str("  To silence it: a line '").Str(SuppressionTypeOf(f.kind)).Put(':');
    text->Str(top->symbol.function);
    text->Str("' in a file named by CSAN_OPTIONS=suppressions=FILE\n");
  }
  text->Put('\n');
  PutSummary(text, r, "CSan", TitleOf(f.kind));
}

void PutTsan(Text* text, const Rendered& r) {
  const FindingKind kind = r.finding->kind;
  const char* title = kind == FindingKind::kUseAfterFree ? "heap-use-after-free"
                      : kind == FindingKind::kFreeRace   ? "heap-use-after-free (race)"
                      : kind == FindingKind::kVptrRace
                          ? "data race on vptr (ctor/dtor vs virtual call)"
                          : TitleOf(kind);
  PutBody(text, r, "ThreadSanitizer", title);
  PutSummary(text, r, "ThreadSanitizer", title);
}

}  // namespace csan
