// Calls that a model describes (llvm-pass/model): what the pass puts in front of and behind them.
//
// Edges are those of the operation: what releases does so before the call, what acquires after it, so
// they hold whenever the object's own would; from outside its lock nothing more exact is known. What
// orders the program inside the call stays: a destructor that the call runs may need it. Only accesses
// are left out, where the model does not say that they can be checked.
// A wait is told for the whole call, though it may not have to wait: who draws conclusions asks the
// kernel too. It stands for the waits that the call makes inside, of whatever kind.
// Cost: an actor's counter, and for what may wait the place of the call.
#include "abi/hooks.h"
#include "abi/operations.h"
#include "actor/actor.h"
#include "actor/ignore.h"
#include "actor/waiting.h"
#include "detect/lock_order/lock_order.h"
#include "frontend/goroutine/told.h"
#include "sync/events.h"
#include "sync/meeting.h"

namespace csan {
namespace {

using Op = abi::Operation;

struct Call {
  Op op;
  bool ignores;
  uptr object;
  uptr pc;
};

Call CallOf(abi::Int code, const void* object, uptr pc) {
  return {static_cast<Op>(static_cast<u32>(code) & abi::kOperationMask),
          (static_cast<u32>(code) & abi::kInsideIgnored) != 0, AddrOf(object), Place(pc)};
}

// Whether the call waits as long as it takes, and for what.
bool WaitOf(Op op, Wait::For* what) {
  enum class Waits { kNever, kEvent, kBarrier, kMutex, kRead };
  constexpr Waits kWaits[] = {
#define CSAN_OPERATION(Id, name, waits, ...) Waits::k##waits,
#include "abi/operations.def"
#undef CSAN_OPERATION
  };
  switch (kWaits[static_cast<u32>(op)]) {
    case Waits::kNever:
      return false;
    case Waits::kEvent:
      *what = Wait::For::kEvent;
      break;
    case Waits::kBarrier:
      *what = Wait::For::kBarrier;
      break;
    case Waits::kMutex:
      *what = Wait::For::kMutex;
      break;
    case Waits::kRead:
      *what = Wait::For::kRead;
      break;
  }
  return true;
}

void Forget(uptr object) {
  OnSyncObjectReset(object, 1);
  ForgetMeeting(object);
}

void Before(const Call& c) {
  switch (c.op) {
    case Op::kEnd:
      Forget(c.object);
      break;
    case Op::kMeet:
      Arrive(c.object);
      break;
    case Op::kRelease:
    case Op::kNotify:
      Release(c.object);
      break;
    case Op::kLock:
      BeforeLock(c.object, LockMode::kWrite, c.pc);
      break;
    case Op::kReadLock:
      BeforeLock(c.object, LockMode::kRead, c.pc);
      break;
    case Op::kUnlock:
      OnLockReleased(c.object, LockMode::kWrite, c.pc);
      break;
    case Op::kReadUnlock:
      OnLockReleased(c.object, LockMode::kRead, c.pc);
      break;
    default:
      break;
  }
}

void After(const Call& c) {
  switch (c.op) {
    case Op::kBegin:
      Forget(c.object);
      break;
    case Op::kMeet:
      LeaveMeeting(c.object);
      break;
    case Op::kAcquire:
    case Op::kWait:
    case Op::kTryWait:
    case Op::kTimedWait:
      Acquire(c.object);
      break;
    case Op::kLock:
    case Op::kTryLock:
    case Op::kTimedLock:
      OnLockAcquired(c.object, LockMode::kWrite, c.pc);
      break;
    case Op::kReadLock:
    case Op::kTryReadLock:
    case Op::kTimedReadLock:
      OnLockAcquired(c.object, LockMode::kRead, c.pc);
      break;
    default:
      break;
  }
}

}  // namespace
}  // namespace csan

using namespace csan;

extern "C" {

void __csan_model_begin(abi::Int code, abi::ConstBytes object) {
  Actor* const a = Listener();
  if (a == nullptr) return;
  const Call c = CallOf(code, object, CSAN_CALLER_PC());
  if (c.object != 0 && HasShadow(c.object)) Before(c);
  Wait::For what;
  if (WaitOf(c.op, &what)) BeginModelledWait(what, c.object, c.pc);
  if (c.ignores) IgnoreAccesses(a, true);
  a->call_told = true;
}

void __csan_model_end(abi::Int code, abi::ConstBytes object, abi::Int outcome) {
  Actor* const a = Listener();
  if (a == nullptr) return;
  const Call c = CallOf(code, object, CSAN_CALLER_PC());
  a->call_told = false;
  if (c.ignores) IgnoreAccesses(a, false);
  Wait::For what;
  if (WaitOf(c.op, &what)) EndModelledWait();
  if (outcome == abi::kDone && c.object != 0 && HasShadow(c.object)) After(c);
}
}
