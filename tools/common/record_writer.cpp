#include "record_writer.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/raw_ostream.h"

namespace csan::common {
namespace {

using llvm::json::OStream;

std::string Hex(uint64_t value) { return "0x" + llvm::utohexstr(value, /*LowerCase=*/true); }

template <typename List, typename Put>
void PutList(OStream& out, const char* key, const List& list, Put put) {
  out.attributeArray(key, [&] {
    for (const auto& item : list) out.object([&] { put(item); });
  });
}

void PutStack(OStream& out, const char* key, const Stack& stack) {
  if (!stack.kept) {
    out.attribute(key, nullptr);
    return;
  }
  PutList(out, key, stack.frames, [&](const Frame& frame) {
    out.attribute("function", frame.function.view());
    out.attribute("file", frame.file.view());
    out.attribute("line", frame.line);
    out.attribute("column", frame.column);
    out.attribute("module", frame.module.view());
    out.attribute("offset", Hex(frame.offset));
    if (!frame.coroutine.empty()) out.attribute("coroutine", frame.coroutine.view());
  });
}

void PutAccess(OStream& out, const Access& access) {
  out.attribute("access", kAccessNames[static_cast<size_t>(access.kind)]);
  out.attribute("address", Hex(access.address));
  out.attribute("size", access.size);
  out.attribute("actor", access.actor);
  PutList(out, "locks", access.locks, [&](const Lock& lock) {
    out.attribute("address", Hex(lock.address));
    out.attribute("write", lock.write);
    PutStack(out, "taken", lock.taken);
  });
  PutStack(out, "stack", access.stack);
}

void PutObject(OStream& out, const Object& object) {
  out.attribute("kind", kObjectNames[static_cast<size_t>(object.kind)]);
  out.attribute("begin", Hex(object.begin));
  out.attribute("size", object.size);
  out.attribute("actor", object.actor);
  out.attribute("freed", object.freed);
  out.attribute("name", object.name.view());
  PutStack(out, "allocated", object.allocated);
}

}  // namespace

void PutMembers(OStream& out, const Finding& finding) {
  out.attribute("schema", finding.schema);
  if (finding.count != 1) out.attribute("count", finding.count);
  out.attribute("kind", finding.kind.view());
  out.attribute("fingerprint", Hex(finding.fingerprint));
  out.attribute("pid", finding.pid);
  out.attributeObject("now", [&] { PutAccess(out, finding.now); });
  out.attributeObject("before", [&] { PutAccess(out, finding.before); });
  if (!finding.steps.empty()) {
    PutList(out, "steps", finding.steps, [&](const Step& step) {
      out.attribute("actor", step.actor);
      out.attribute("what", step.what.view());
      out.attribute("object", Hex(step.object));
      out.attribute("name", step.name.view());
      PutStack(out, "stack", step.stack);
    });
  }
  out.attributeObject("object", [&] { PutObject(out, finding.object); });
  PutList(out, "actors", finding.actors, [&](const Actor& actor) {
    out.attribute("id", actor.id);
    if (actor.kind != "thread") {
      out.attribute("kind", actor.kind.view());
      out.attribute("thread", actor.thread);
    }
    out.attribute("name", actor.name.view());
    out.attribute("os_id", actor.os_id);
    out.attribute("running", actor.running);
    out.attribute("parent", actor.parent);
    if (actor.parent_kind != "thread") out.attribute("parent_kind", actor.parent_kind.view());
    PutStack(out, "created", actor.created);
  });
  if (!finding.coroutines.empty()) {
    PutList(out, "coroutines", finding.coroutines, [&](const Coroutine& coroutine) {
      out.attribute("function", coroutine.function.view());
      out.attribute("actor", coroutine.actor);
      PutStack(out, "created", coroutine.created);
    });
  }
  if (finding.schema >= 2) {
    PutList(out, "modules", finding.modules, [&](const Module& module) {
      out.attribute("path", module.path.view());
      out.attribute("build_id", module.build_id.view());
    });
  }
  if (finding.contention) {
    out.attributeObject("contention", [&] {
      out.attribute("acquisitions", finding.contention->acquisitions);
      out.attribute("contended", finding.contention->contended);
      out.attribute("wait_ms", finding.contention->wait_ms);
    });
  }
  out.attribute("why", finding.why.view());
}

std::string ToJson(const Finding& finding) {
  std::string text;
  llvm::raw_string_ostream stream(text);
  OStream out(stream);
  out.object([&] { PutMembers(out, finding); });
  return text;
}

}  // namespace csan::common
