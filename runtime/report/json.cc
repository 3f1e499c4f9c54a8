// format=json: one record a line. The schema is versioned; README.md describes it field by field.
#include "base/format.h"
#include "base/string.h"
#include "platform/platform.h"
#include "report/rendered.h"

namespace csan {
namespace {

constexpr u32 kSchema = 2;

// A record is whole, or readers lose it: one that does not fit gives up outer frames.
constinit u32 frames_max = 0;

void Key(Text* t, const char* key) { t->Json(key).Put(':'); }
void HexString(Text* t, u64 v) { t->Put('"').Hex(v).Put('"'); }
void Bool(Text* t, bool b) { t->Str(b ? "true" : "false"); }

void PutStack(Text* t, const RenderedStack& stack) {
  if (!stack.kept) {
    t->Str("null");
    return;
  }
  t->Put('[');
  for (u32 i = 0; i < stack.n && i < frames_max; i++) {
    const RenderedFrame& f = stack.frame[i];
    if (i != 0) t->Put(',');
    t->Put('{');
    Key(t, "function"), t->Json(f.symbol.function).Put(',');
    Key(t, "file"), t->Json(f.symbol.file).Put(',');
    Key(t, "line"), t->Dec(f.symbol.line).Put(',');
    Key(t, "column"), t->Dec(f.symbol.column).Put(',');
    Key(t, "module"), t->Json(f.module).Put(',');
    Key(t, "offset"), HexString(t, f.offset);
    if (f.coroutine != nullptr) t->Put(','), Key(t, "coroutine"), t->Json(f.coroutine);
    t->Put('}');
  }
  t->Put(']');
}

void PutAccess(Text* t, const Access& a, const RenderedStack& stack, const RenderedStack* locks) {
  t->Put('{');
  Key(t, "access"), t->Json(AccessVerb(a)).Put(',');
  Key(t, "address"), HexString(t, a.addr), t->Put(',');
  Key(t, "size"), t->Dec(a.size).Put(',');
  Key(t, "actor"), t->Dec(a.actor).Put(',');
  Key(t, "locks"), t->Put('[');
  for (u32 i = 0; i < a.locks; i++) {
    if (i != 0) t->Put(',');
    t->Put('{');
    Key(t, "address"), HexString(t, a.lock[i].addr), t->Put(',');
    Key(t, "write"), Bool(t, a.lock[i].write), t->Put(',');
    Key(t, "taken"), PutStack(t, locks[i]);
    t->Put('}');
  }
  t->Str("],");
  Key(t, "stack"), PutStack(t, stack);
  t->Put('}');
}

void PutSteps(Text* t, const Rendered& r) {
  const Finding& f = *r.finding;
  t->Put('[');
  for (u32 i = 0; i < f.steps; i++) {
    if (i != 0) t->Put(',');
    t->Put('{');
    Key(t, "actor"), t->Dec(f.step[i].actor).Put(',');
    Key(t, "what"), t->Json(f.step[i].what).Put(',');
    Key(t, "object"), HexString(t, f.step[i].object), t->Put(',');
    Key(t, "name"), t->Json(r.object[i]).Put(',');
    Key(t, "stack"), PutStack(t, r.step[i]);
    t->Put('}');
  }
  t->Put(']');
}

// The modules of the frames, each once.
class Modules {
 public:
  void Add(const RenderedStack& stack) {
    for (u32 i = 0; i < stack.n && i < frames_max; i++) {
      const Module* const module = ModuleAt(stack.frame[i].pc);
      bool there = module == nullptr || n_ == kMax;
      for (u32 k = 0; k < n_ && !there; k++) there = module_[k] == module;
      if (!there) module_[n_++] = module;
    }
  }
  void Put(Text* t) const {
    t->Put('[');
    for (u32 i = 0; i < n_; i++) {
      if (i != 0) t->Put(',');
      t->Put('{');
      Key(t, "path"), t->Json(module_[i]->path).Put(',');
      Key(t, "build_id"), PutBuildId(t, BuildIdOf(*module_[i]));
      t->Put('}');
    }
    t->Put(']');
  }

 private:
  static void PutBuildId(Text* t, const BuildId& id) {
    constexpr const char* kDigits = "0123456789abcdef";
    t->Put('"');
    for (u32 i = 0; i < id.n; i++) t->Put(kDigits[id.byte[i] >> 4]).Put(kDigits[id.byte[i] & 15]);
    t->Put('"');
  }

  static constexpr u32 kMax = 32;
  const Module* module_[kMax];
  u32 n_ = 0;
};

void PutModules(Text* t, const Rendered& r) {
  const Finding& f = *r.finding;
  Modules modules;
  const auto add = [&](const RenderedStack& stack) { modules.Add(stack); };
  add(r.now), add(r.before), add(r.allocated);
  for (u32 i = 0; i < f.now.locks; i++) add(r.lock[0][i]);
  for (u32 i = 0; i < f.before.locks; i++) add(r.lock[1][i]);
  for (u32 i = 0; i < f.steps; i++) add(r.step[i]);
  for (u32 i = 0; i < f.actors; i++) add(r.created[i]);
  for (u32 i = 0; i < r.coroutines; i++) add(r.coroutine[i].created);
  modules.Put(t);
}

void PutObject(Text* t, const Rendered& r) {
  const Object& o = r.finding->object;
  constexpr const char* kKinds[] = {"unknown", "global", "heap", "stack", "tls"};
  t->Put('{');
  Key(t, "kind"), t->Json(kKinds[static_cast<u32>(o.kind)]).Put(',');
  Key(t, "begin"), HexString(t, o.begin), t->Put(',');
  Key(t, "size"), t->Dec(o.size).Put(',');
  Key(t, "actor"), t->Dec(o.actor).Put(',');
  Key(t, "freed"), Bool(t, o.freed), t->Put(',');
  Key(t, "name"), t->Json(r.global_known ? r.global.function : "").Put(',');
  Key(t, "allocated"), PutStack(t, r.allocated);
  t->Put('}');
}

void PutCoroutines(Text* t, const Rendered& r) {
  t->Put('[');
  for (u32 i = 0; i < r.coroutines; i++) {
    if (i != 0) t->Put(',');
    t->Put('{');
    Key(t, "function"), t->Json(r.coroutine[i].function).Put(',');
    Key(t, "actor"), t->Dec(r.coroutine[i].actor).Put(',');
    Key(t, "created"), PutStack(t, r.coroutine[i].created);
    t->Put('}');
  }
  t->Put(']');
}

void PutCounts(Text* t, const LockCounts& counts) {
  t->Put('{');
  Key(t, "acquisitions"), t->Dec(counts.taken).Put(',');
  Key(t, "contended"), t->Dec(counts.contended).Put(',');
  Key(t, "wait_ms"), t->Dec(counts.waited_ms);
  t->Str("},");
}

void PutRecord(Text* t, const Rendered& r) {
  const Finding& f = *r.finding;
  t->Put('{');
  Key(t, "schema"), t->Dec(kSchema).Put(',');
  Key(t, "kind"), t->Json(NameOf(f.kind)).Put(',');
  Key(t, "fingerprint"), HexString(t, r.fingerprint), t->Put(',');
  Key(t, "pid"), t->Dec(static_cast<u64>(GetPid())).Put(',');
  Key(t, "now"), PutAccess(t, f.now, r.now, r.lock[0]), t->Put(',');
  Key(t, "before"), PutAccess(t, f.before, r.before, r.lock[1]), t->Put(',');
  if (f.steps != 0) Key(t, "steps"), PutSteps(t, r), t->Put(',');
  Key(t, "object"), PutObject(t, r), t->Put(',');
  Key(t, "actors"), t->Put('[');
  for (u32 i = 0; i < f.actors; i++) {
    const ActorRecord& a = f.actor[i];
    if (i != 0) t->Put(',');
    t->Put('{');
    Key(t, "id"), t->Dec(a.id).Put(',');
    if (!StrEq(a.kind, "thread")) {
      Key(t, "kind"), t->Json(a.kind).Put(',');
      Key(t, "thread"), t->Dec(a.thread).Put(',');
    }
    Key(t, "name"), t->Json(a.name).Put(',');
    Key(t, "os_id"), t->Dec(a.os_id).Put(',');
    Key(t, "running"), Bool(t, a.running), t->Put(',');
    Key(t, "parent"), t->Dec(a.parent).Put(',');
    if (!StrEq(a.parent_kind, "thread")) {
      Key(t, "parent_kind"), t->Json(a.parent_kind).Put(',');
    }
    Key(t, "created"), PutStack(t, r.created[i]);
    t->Put('}');
  }
  t->Str("],");
  if (r.coroutines != 0) Key(t, "coroutines"), PutCoroutines(t, r), t->Put(',');
  Key(t, "modules"), PutModules(t, r), t->Put(',');
  if (f.kind == FindingKind::kLockContention) Key(t, "contention"), PutCounts(t, f.contention);
  Key(t, "why"), t->Json(f.why);
  t->Str("}\n");
}

}  // namespace

void PutJson(Text* t, const Rendered& r) {
  constexpr u32 kTries[] = {RenderedStack::kMax, 12, 3};
  for (const u32 frames : kTries) {
    const Text before = *t;
    frames_max = frames;
    PutRecord(t, r);
    if (!t->cut()) return;
    *t = before;
  }
}

}  // namespace csan
