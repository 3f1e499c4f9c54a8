#include "detect/blocked.h"

#include "platform/platform.h"

namespace csan {
namespace {

bool StandsAt(const Actor* a, uptr object, uptr size) {
  Task task;
  return ReadTask(a->info->os_id, &task) && !task.ended && task.stuck && task.futex - object < size;
}

bool Fits(const Actor* a, Wait::For what, uptr object, uptr not_with) {
  const Wait& wait = a->wait;
  return !wait.told && wait.what == what && wait.object == object &&
         (not_with == 0 || wait.with != not_with);
}

}  // namespace

const char* WaitsFor(const Wait& wait) {
  switch (wait.what) {
    case Wait::For::kMutex:
      return "waits for the mutex";
    case Wait::For::kRead:
      return "waits to read-lock";
    case Wait::For::kWrite:
      return "waits to write-lock";
    case Wait::For::kSpin:
      return "spins at the lock";
    case Wait::For::kCondition:
      return "waits for a signal of the condition variable";
    case Wait::For::kSemaphore:
      return "waits for a post of the semaphore";
    case Wait::For::kBarrier:
      return "waits for others at the barrier";
    case Wait::For::kJoin:
      return "waits in join";
    case Wait::For::kOnce:
      return "waits for the end of the initialisation";
    case Wait::For::kFutex:
      return "waits for a change of";
    case Wait::For::kSend:
      return "waits for a receiver of the channel";
    case Wait::For::kReceive:
      return "waits for a sender of the channel";
    case Wait::For::kSelect:
      return wait.case_count == 0 ? "waits for nothing, for ever"
                                  : "waits for a case of its select";
    case Wait::For::kEvent:
      return "waits to be notified of";
    case Wait::For::kWaitGroup:
      return "waits for the count of the wait group to be zero";
    case Wait::For::kFileLock:
      return "waits for the lock of the file of descriptor ";
  }
  return "waits";
}

bool FindBlocked(Wait::For what, uptr object, uptr size, uptr not_with, Blocked* found) {
  bool done = false;
  LockActors();
  for (const Actor* a = FirstActor(); a != nullptr && !done; a = a->next) {
    const u32 count = __atomic_load_n(&a->wait.count, __ATOMIC_ACQUIRE);
    if ((count & 1) == 0 || a == Self() || !Fits(a, what, object, not_with)) continue;
    *found = {a->id, a->wait.with, a->wait.site};
    done = StandsAt(a, object, size) && __atomic_load_n(&a->wait.count, __ATOMIC_ACQUIRE) == count;
  }
  UnlockActors();
  return done;
}

}  // namespace csan
