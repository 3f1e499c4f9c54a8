// Calls that a model describes (llvm-pass/model): what the pass puts in front of and behind them.
//
// Edges are those of the operation: what releases does so before the call, what acquires after it, so
// they hold whenever the object's own would (sync/outside.h). What orders the program inside the call
// stays: a destructor that the call runs may need it. Only accesses are left out, where the model does
// not say that they can be checked.
// Findings are those of detect/channel; a send that the library answers with an error is one only where
// the program does not look at the answer, and a note where that may be on purpose. Counts of values are
// taken when no call is on its way.
// A wait is told for the whole call, though it may not have to wait: who draws conclusions asks the
// kernel too. It stands for the waits that the call makes inside, of whatever kind.
// A lock that fibers hold is told as held where fibers are told apart: by who is on a stack of its own, or
// whose thread takes turns with such (frontend/fiber/fcontext.cc). Elsewhere it orders, and nothing more: the
// fibers of a thread would seem to be one. That another fiber than its holder gives it back is said by the
// exception with which the library refuses that.
// Cost: an actor's counter, and for what may wait the place of the call.
#include "abi/hooks.h"
#include "abi/operations.h"
#include "actor/actor.h"
#include "actor/waiting.h"
#include "detect/channel/channel.h"
#include "detect/channel/wait_group.h"
#include "detect/lock_order/lock_order.h"
#include "detect/misuse/lock_misuse.h"
#include "frontend/goroutine/inside.h"
#include "frontend/goroutine/named_fiber.h"
#include "frontend/goroutine/told.h"
#include "sync/channel.h"
#include "sync/events.h"
#include "sync/outside.h"
#include "sync/wait_group.h"

namespace csan {
namespace {

using Op = abi::Operation;

struct Call {
  Op op;
  u32 flags;
  uptr object;
  u64 number;
  uptr pc;
  bool of_fiber() const { return (flags & abi::kFibersHold) != 0; }
  bool ignores() const { return (flags & abi::kInsideIgnored) != 0; }
  StackId site() const { return SiteOf(Self(), pc); }
};

Call CallOf(abi::Int code, const void* object, u64 number, uptr pc) {
  const auto bits = static_cast<u32>(code);
  return {static_cast<Op>(bits & abi::kOperationMask), bits & ~abi::kOperationMask, AddrOf(object),
          number, Place(pc)};
}

// Whether the call waits as long as it takes, and for what.
bool WaitOf(Op op, Wait::For* what) {
  using enum Wait::For;
  constexpr auto kNever = static_cast<Wait::For>(0xff);
  constexpr Wait::For kWaits[] = {
#define CSAN_OPERATION(Id, name, waits, ...) k##waits,
#include "abi/operations.def"
#undef CSAN_OPERATION
  };
  *what = kWaits[static_cast<u32>(op)];
  return *what != kNever;
}

// Whether the lock is one of fibers that are not told apart.
bool OnlyOrders(const Call& c) {
  const Actor* a = Self();
  return c.of_fiber() && !a->on_context && (a->fiber || !a->info->takes_turns);
}

void Ask(const Call& c, LockMode mode) {
  if (!OnlyOrders(c)) BeforeLock(c.object, mode, c.pc);
}

void Take(const Call& c, LockMode mode) {
  if (OnlyOrders(c)) return Acquire(c.object);
  OnLockAcquired(c.object, mode, c.pc, {.robust = false, .of_fiber = c.of_fiber()});
}

void GiveBack(const Call& c, LockMode mode) {
  // By who does not hold it, it may be refused: what its holders have left stays.
  const bool refused = c.of_fiber() && !HoldsLock(c.object);
  if (OnlyOrders(c) || refused) return Release(c.object);
  OnLockReleased(c.object, mode, c.pc);
}

// The library's answer to a mistake.
void Refused(const Call& c) {
  if (!c.of_fiber() || OnlyOrders(c)) return;
  if (c.op == Op::kUnlock || c.op == Op::kReadUnlock) ReportUnlockRefused(c.object, c.pc);
  if (c.op == Op::kLock && HoldsLock(c.object)) ReportDoubleLock(c.object, c.pc);
}

void Forget(uptr object) {
  OnSyncObjectReset(object, 1);
  ForgetOutside(object);
  ForgetWaitGroup(object);
}

void Make(const Call& c) {
  const ChannelRules rules = {.lenient = (c.flags & abi::kLenient) != 0,
                              .must_drain = (c.flags & abi::kMustDrain) != 0,
                              .may_drop = (c.flags & abi::kMayDrop) != 0};
  MakeChannel(c.object, 0, rules, {Self()->id, c.site()});
  MakeOutside(c.object, c.number);
}

void End(const Call& c) {
  OnChannelEnd(c.object, LeftOutside(c.object), c.site());
  Forget(c.object);
}

void Close(const Call& c) {
  const StackId site = c.site();
  if (OnClose(c.object, site)) return;
  UseChannel(c.object, [&](Channel* channel) {
    if (channel->closed.site == 0) channel->closed = {Self()->id, site};
  });
  CloseOutside(c.object);
}

void BeforeChannel(const Call& c) {
  switch (c.op) {
    case Op::kEndChannel:
      End(c);
      break;
    case Op::kSend:
    case Op::kTrySend:
    case Op::kTimedSend:
      OnSend(c.object, c.site());
      BeginSend(c.object);
      break;
    case Op::kReceive:
    case Op::kTryReceive:
    case Op::kTimedReceive:
      BeginReceive(c.object);
      break;
    case Op::kClose:
      Close(c);
      break;
    default:
      break;
  }
}

void AfterChannel(const Call& c, int outcome) {
  switch (c.op) {
    case Op::kMakeChannel:
      if (outcome == abi::kDone) Make(c);
      break;
    case Op::kSend:
    case Op::kTrySend:
    case Op::kTimedSend:
      EndSend(c.object, outcome == abi::kDone);
      if (outcome == abi::kClosed && (c.flags & abi::kResultUnused) != 0)
        OnLostSend(c.object, c.site());
      break;
    case Op::kReceive:
    case Op::kTryReceive:
    case Op::kTimedReceive:
      EndReceive(c.object, outcome == abi::kDone);
      if (outcome == abi::kClosed) FoundClosedOutside(c.object);
      break;
    default:
      break;
  }
}

void Before(const Call& c) {
  switch (c.op) {
    case Op::kEnd:
      Forget(c.object);
      break;
    case Op::kRelease:
      Release(c.object);
      break;
    case Op::kNotify:
      LeaveAt(c.object);
      break;
    case Op::kRun:
      RunFiber(c.object);
      break;
    case Op::kFinish:
      FinishFiber(c.object);
      break;
    case Op::kMeet:
      LeaveAt(c.object);
      BeginTake(c.object);
      break;
    case Op::kWait:
    case Op::kTryWait:
    case Op::kTimedWait:
    case Op::kJoin:
      BeginTake(c.object);
      break;
    case Op::kLock:
      Ask(c, LockMode::kWrite);
      break;
    case Op::kReadLock:
      Ask(c, LockMode::kRead);
      break;
    case Op::kUnlock:
      GiveBack(c, LockMode::kWrite);
      break;
    case Op::kReadUnlock:
      GiveBack(c, LockMode::kRead);
      break;
    case Op::kAdd:
      OnGroupAdd(c.object, static_cast<sptr>(c.number), c.site());
      break;
    case Op::kDone:
      OnGroupAdd(c.object, -1, c.site());
      break;
    case Op::kGroupWait:
      OnGroupWait(c.object, c.site());
      break;
    default:
      BeforeChannel(c);
  }
}

void AfterDone(const Call& c) {
  switch (c.op) {
    case Op::kBegin:
      Forget(c.object);
      break;
    case Op::kAcquire:
      Acquire(c.object);
      break;
    case Op::kSpawn:
      SpawnFiber(c.object, c.pc);
      break;
    case Op::kLock:
    case Op::kTryLock:
    case Op::kTimedLock:
      Take(c, LockMode::kWrite);
      break;
    case Op::kReadLock:
    case Op::kTryReadLock:
    case Op::kTimedReadLock:
      Take(c, LockMode::kRead);
      break;
    case Op::kGroupWait:
      UseWaitGroup(c.object, [](WaitGroup* g) { Acquire(AddrOf(&g->clock)); });
      break;
    default:
      break;
  }
}

void After(const Call& c, int outcome) {
  switch (c.op) {
    case Op::kMeet:
    case Op::kWait:
    case Op::kTryWait:
    case Op::kTimedWait:
    case Op::kJoin:
      EndTake(c.object, outcome == abi::kDone);
      break;
    default:
      outcome == abi::kDone ? AfterDone(c) : Refused(c);
      AfterChannel(c, outcome);
  }
}

}  // namespace
}  // namespace csan

using namespace csan;

extern "C" {

void __csan_model_begin(abi::Int code, abi::ConstBytes object, abi::Size number) {
  Actor* const a = Listener();
  if (a == nullptr) return;
  const Call c = CallOf(code, object, number, CSAN_CALLER_PC());
  if (c.object != 0 && HasShadow(c.object)) Before(c);
  Wait::For what;
  if (WaitOf(c.op, &what)) {
    const u32 target = c.op == Op::kJoin ? IdOfFiber(c.object) : Wait::kNobody;
    BeginModelledWait(what, c.object, c.pc, c.of_fiber() || c.op == Op::kJoin, target);
  }
  BeginInside(a, c.ignores());
}

void __csan_model_end(abi::Int code, abi::ConstBytes object, abi::Size number, abi::Int outcome) {
  Actor* const a = Listener();
  if (a == nullptr) return;
  const Call c = CallOf(code, object, number, CSAN_CALLER_PC());
  EndInside(a, c.ignores());
  Wait::For what;
  if (WaitOf(c.op, &what)) EndModelledWait();
  if (c.object != 0 && HasShadow(c.object)) After(c, outcome);
}

abi::Bytes __csan_model_leave(abi::ConstBytes name) {
  return Listener() != nullptr ? reinterpret_cast<abi::Bytes>(LeaveForFiber(AddrOf(name)))
                               : nullptr;
}

void __csan_model_return(abi::Bytes left) {
  if (Listener() != nullptr) ReturnToFiber(reinterpret_cast<Actor*>(left));
}
}
