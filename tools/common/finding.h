// A finding as the tools see it: one record of format=json, read back.
// runtime/report/README.md says what each field means.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "frame.h"
#include "name.h"

namespace csan::common {

constexpr uint64_t kRecordSchema = 2;

struct Stack {
  bool kept = false;  // false: there was one, which the runtime no longer had
  Frames frames;
};

struct Lock {
  uint64_t address = 0;
  bool write = false;
  Stack taken;
};

struct Access {
  enum class Kind : uint8_t { kRead, kWrite, kAtomicRead, kAtomicWrite, kFree };
  Kind kind = Kind::kRead;
  uint64_t address = 0;
  uint64_t size = 0;
  uint64_t actor = 0;
  std::vector<Lock> locks;
  Stack stack;
};
// The names of kinds in records, by enumerator.
constexpr const char* kAccessNames[] = {"read", "write", "atomic read", "atomic write", "free"};

struct Object {
  enum class Kind : uint8_t { kUnknown, kGlobal, kHeap, kStack, kTls };
  Kind kind = Kind::kUnknown;
  uint64_t begin = 0;
  uint64_t size = 0;
  uint64_t actor = 0;
  bool freed = false;
  Name name;
  Stack allocated;
};
constexpr const char* kObjectNames[] = {"unknown", "global", "heap", "stack", "tls"};

// "thread", "fiber" or "goroutine"; what a newer runtime may call it is kept as it is.
struct Actor {
  uint64_t id = 0;  // 0 is the main thread
  Name kind = "thread";
  uint64_t thread = 0;  // that one of another kind ran on last
  Name name;
  uint64_t os_id = 0;
  bool running = false;
  uint64_t parent = 0;
  Name parent_kind = "thread";
  Stack created;
};

// One that an actor resumed or destroyed in one of the stacks.
struct Coroutine {
  Name function;
  uint64_t actor = 0;
  Stack created;
};

// One thing that an actor did or waits for.
struct Step {
  uint64_t actor = 0;
  Name what;
  uint64_t object = 0;  // the address that it is about; 0 if none
  Name name;            // of the global there
  Stack stack;
};

struct Module {
  Name path;      // as in frames
  Name build_id;  // hexadecimal; empty if it has none
};

// Of the acquisitions of locks at one place.
struct LockCounts {
  uint64_t acquisitions = 0;
  uint64_t contended = 0;
  uint64_t wait_ms = 0;
};

struct Finding {
  uint64_t schema = kRecordSchema;
  Name kind;           // of runtime/report/findings.def, or newer
  uint64_t count = 1;  // how many records this one stands for
  uint64_t fingerprint = 0;
  uint64_t pid = 0;
  Access now;
  Access before;
  std::vector<Step> steps;  // of findings that are more than two accesses
  Object object;
  std::vector<Actor> actors;
  std::vector<Coroutine> coroutines;
  std::vector<Module> modules;  // since schema 2
  std::optional<LockCounts> contention;
  Name why;
};

}  // namespace csan::common
