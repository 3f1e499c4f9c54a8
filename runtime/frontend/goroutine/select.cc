// Calls that wait for one of several objects, as a model says, and tell by their result which they took.
//
// Each case is a try of its operation around the whole call (sync/outside.h), of which the chosen one
// happened. Objects are named by an array of pointers, which the call leaves as it is. That a channel is
// closed is not told of a select, so a value sent to one is no finding here.
#include "abi/hooks.h"
#include "abi/operations.h"
#include "actor/waiting.h"
#include "frontend/goroutine/inside.h"
#include "frontend/goroutine/told.h"
#include "sync/outside.h"

namespace csan {
namespace {

constexpr u64 kCasesMost = 1 << 16;  // of more the count is taken for garbage

struct Cases {
  const uptr* object;
  u64 count;
  u64 kinds;
  abi::Case KindOf(u64 i) const {
    constexpr u64 kMask = (1u << abi::kCaseBits) - 1;
    return static_cast<abi::Case>(kinds >> i % abi::kCasesMax * abi::kCaseBits & kMask);
  }
};

Cases CasesOf(const void* objects, u64 count, u64 kinds) {
  const bool known = objects != nullptr && count <= kCasesMost;
  return {static_cast<const uptr*>(objects), known ? count : 0, kinds};
}

template <typename Action>
void ForEach(const Cases& cases, Action action) {
  for (u64 i = 0; i < cases.count; i++) {
    const uptr object = cases.object[i];
    if (object != 0 && HasShadow(object)) action(i, object, cases.KindOf(i));
  }
}

bool Ignores(abi::Int code) { return (static_cast<u32>(code) & abi::kInsideIgnored) != 0; }
bool Waits(abi::Int code) {
  return static_cast<abi::Operation>(static_cast<u32>(code) & abi::kOperationMask) ==
         abi::Operation::kSelect;
}

void Begin(u64, uptr object, abi::Case kind) {
  switch (kind) {
    case abi::Case::kReceive:
      return BeginReceive(object);
    case abi::Case::kSend:
      return BeginSend(object);
    case abi::Case::kWait:
      return BeginTake(object);
  }
}

void End(uptr object, abi::Case kind, bool happened) {
  switch (kind) {
    case abi::Case::kReceive:
      return EndReceive(object, happened);
    case abi::Case::kSend:
      return EndSend(object, happened);
    case abi::Case::kWait:
      return EndTake(object, happened);
  }
}

}  // namespace
}  // namespace csan

using namespace csan;

extern "C" {

void __csan_model_select(abi::Int code, abi::ConstBytes objects, abi::Size count, abi::Size kinds) {
  Actor* const a = Listener();
  if (a == nullptr) return;
  const Cases cases = CasesOf(objects, count, kinds);
  ForEach(cases, Begin);
  if (Waits(code)) {
    BeginModelledSelect(static_cast<u32>(cases.count), Place(CSAN_CALLER_PC()));
  }
  BeginInside(a, Ignores(code));
}

void __csan_model_selected(abi::Int code, abi::ConstBytes objects, abi::Size count, abi::Size kinds,
                           abi::Int which) {
  Actor* const a = Listener();
  if (a == nullptr) return;
  EndInside(a, Ignores(code));
  if (Waits(code)) EndModelledWait();
  ForEach(CasesOf(objects, count, kinds), [=](u64 i, uptr object, abi::Case kind) {
    End(object, kind, static_cast<u64>(static_cast<u32>(which)) == i);
  });
}
}
