// A finding as data: what detectors fill in and every output format reads. One at a time, in a
// static buffer under the report lock, because a program's thread may have a small stack.
#pragma once

#include "base/types.h"
#include "trace/stack_table.h"

namespace csan {

enum class FindingKind : u8 {
#define CSAN_FINDING(id, name, title, silenced_by) id,
#include "report/findings.def"
#undef CSAN_FINDING
};
const char* NameOf(FindingKind kind);   // "data-race", as in records
const char* TitleOf(FindingKind kind);  // "data race"
// Whether it makes the program fail. What does not is a note: printed, and told to nobody else.
constexpr bool Fails(FindingKind kind) {
  return kind != FindingKind::kPossibleRace && kind != FindingKind::kPossibleInversion &&
         kind != FindingKind::kPossibleLoss && kind != FindingKind::kLockContention;
}
// What a line of a suppressions file says to silence it.
const char* SuppressionTypeOf(FindingKind kind);

struct Stack {
  static constexpr u32 kMax = 64;
  u32 n;
  bool kept;         // false: was recorded but is no longer to be had
  StackId creation;  // by which path the innermost coroutine in it was created; 0: none was resumed
  uptr pc[kMax];     // return addresses, innermost first
};
// What the table of stacks has of a path.
void FillStack(StackId path, Stack* out);
// The next outer call, by what is in the place of its return address. There is room.
void AddFrame(u64 pc, Stack* out);

struct Lock {
  uptr addr;
  bool write;
  Stack taken;
};

struct Access {
  uptr addr;
  uptr size;
  bool write, atomic, vptr, free;
  bool by_allocator;  // the access is the free of the block
  u32 actor;
  Stack stack;
  u32 locks;
  Lock lock[4];
};

struct ActorRecord {
  u32 id;
  const char* kind;  // "thread", "fiber", "goroutine"
  const char* parent_kind;
  u64 os_id;
  char name[32];
  bool running;
  u32 parent;
  u32 thread;  // that it is, or ran on last
  Stack created;
};

struct Object {
  enum class Kind : u8 { kUnknown, kGlobal, kHeap, kStack, kTls };
  Kind kind;
  uptr begin, size;
  u32 actor;  // who allocated it, or whose stack it is
  bool freed;
  Stack allocated;
};

// One thing that an actor did or waits for, of a finding that is more than two accesses.
struct Step {
  u32 actor;
  char what[96];  // after the actor's name: "waits for the mutex", "took it"
  uptr object;    // the address that it is about; 0 if none
  Stack stack;
};

// Of the acquisitions at one place.
struct LockCounts {
  u64 taken, contended, waited_ms;
};

struct Finding {
  static constexpr u32 kActors = 16;
  static constexpr u32 kSteps = 32;
  FindingKind kind;
  Access now, before;  // of steps SubmitFinding fills in the first two
  u32 steps;           // 0: the finding is the two accesses
  Step step[kSteps];
  u32 steps_left_out;
  u32 actors;
  ActorRecord actor[kActors];
  Object object;
  LockCounts contention;  // of kLockContention only
  char why[256];
};

// The buffer, zeroed; waits while another actor reports.
Finding* BeginFinding();
// Symbolises, suppresses, folds equal ones, prints, calls the program's callbacks; may exit
// (halt_on_error). Gives the buffer back.
void SubmitFinding(Finding* finding);
// Gives the buffer back unused.
void DropFinding(Finding* finding);

u32 FindingCount();  // reported: neither suppressed nor equal to an earlier one
void PrintExitSummary();
// Fork children have their own log file and no symboliser of the parent's.
void ReportAfterFork();
// Checks what the options say about output, before the program starts.
void OpenReports();

}  // namespace csan
