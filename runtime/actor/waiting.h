// Tells that the running actor is about to wait, for as long as the object lives.
#pragma once

#include "actor/actor.h"
#include "base/types.h"

namespace csan {

class Waiting {
 public:
  // `pc` is the place of the call. Gives the actor's slot up where slots are scarce. Without effect on
  // threads that nobody watches.
  Waiting(Wait::For what, uptr object, uptr pc, u32 target = Wait::kNobody, uptr with = 0);
  ~Waiting();
  Waiting(const Waiting&) = delete;
  Waiting& operator=(const Waiting&) = delete;

 private:
  Actor* actor_;
  Wait outer_;  // of what a signal handler interrupted
  u32 count_;
};

// A library says that the running actor waits for any of `count` cases; in between other actors may act for
// it, so its epoch ends, and what it does afterwards is a new one. What it calls meanwhile to wait by
// is no wait of its own.
void BeginToldWait(Wait::For what, uptr object, u32 target, const WaitCase* cases, u32 count,
                   uptr pc);
// By another, before `a` can run: for who looks for leaks the wait is over.
void LetGo(Actor* a);
void EndToldWait();
// Before a wait that something else ends too, for which others may act as well.
void BeginTimedWait(uptr pc);

// Around a call that may wait, as a model says: the kernel tells whether it does. Whatever it waits by inside
// is no wait of its own. `of_fiber`: the thread does something else while it waits. `target` must end first.
void BeginModelledWait(Wait::For what, uptr object, uptr pc, bool of_fiber,
                       u32 target = Wait::kNobody);
void BeginModelledSelect(u32 cases, uptr pc);
void EndModelledWait();
// Calls that a model describes, of the stack that runs, while the thread's actor runs another.
struct ModelledCalls {
  u32 waits, ignores;
};
ModelledCalls LeaveModelledCalls();
void ResumeModelledCalls(ModelledCalls calls);

// Whether `other`, who is live, must do something first: named by the wait itself, or joined by a name that
// it may have been given since the wait began.
bool MustActFirst(const Wait& wait, const Actor* other);
// Whether the wait may name somebody so.
inline bool NamesWhoActs(const Wait& wait) {
  return wait.target != Wait::kNobody || (wait.what == Wait::For::kJoin && wait.modelled != 0);
}

// The running actor's wait is over, though its Waiting may not have ended: a cancellation has unwound it.
void EndWait();

// Called once before the first wait, and before epochs of a second actor are used up; set at start, and
// in a forked child.
extern void (*on_first_wait)();
void StartLooking();

}  // namespace csan
