// format=json: one record a line. The schema is versioned; README.md describes it field by field.
#include "base/format.h"
#include "base/string.h"
#include "platform/platform.h"
#include "report/rendered.h"

namespace csan {
namespace {

constexpr u32 kSchema = 1;

void Key(Text* t, const char* key) { t->Json(key).Put(':'); }
void HexString(Text* t, u64 v) { t->Put('"').Hex(v).Put('"'); }
void Bool(Text* t, bool b) { t->Str(b ? "true" : "false"); }

void PutStack(Text* t, const RenderedStack& stack) {
  if (!stack.kept) {
    t->Str("null");
    return;
  }
  t->Put('[');
  for (u32 i = 0; i < stack.n; i++) {
    const RenderedFrame& f = stack.frame[i];
    if (i != 0) t->Put(',');
    t->Put('{');
    Key(t, "function"), t->Json(f.symbol.function).Put(',');
    Key(t, "file"), t->Json(f.symbol.file).Put(',');
    Key(t, "line"), t->Dec(f.symbol.line).Put(',');
    Key(t, "column"), t->Dec(f.symbol.column).Put(',');
    Key(t, "module"), t->Json(f.module).Put(',');
    Key(t, "offset"), HexString(t, f.offset);
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

}  // namespace

void PutJson(Text* t, const Rendered& r) {
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
    Key(t, "name"), t->Json(a.name).Put(',');
    Key(t, "os_id"), t->Dec(a.os_id).Put(',');
    Key(t, "running"), Bool(t, a.running), t->Put(',');
    Key(t, "parent"), t->Dec(a.parent).Put(',');
    Key(t, "created"), PutStack(t, r.created[i]);
    t->Put('}');
  }
  t->Str("],");
  Key(t, "why"), t->Json(f.why);
  t->Str("}\n");
}

}  // namespace csan
