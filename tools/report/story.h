// A finding as every format tells it: who did what where, whatever the kind. Two accesses, the steps
// of a deadlock, and kinds that are not known yet become the same parts.
#pragma once

#include <string>
#include <vector>

#include "finding.h"

namespace csan::report {

struct Part {
  enum class Role {
    kEvent,    // what an actor did or waits for
    kTaken,    // where a lock that an event holds was taken
    kObject,   // where the memory was allocated
    kCreated,  // where the actor was created, or a coroutine that it resumed
  };
  Role role;
  std::string heading;  // "write of 4 bytes by thread T2"; names in it are Visible
  uint64_t actor;       // whose stack it is
  const common::Stack* stack;
  const common::Frame* place;  // the program's own innermost frame; may be null
  uint64_t object = 0;         // the address that it is about
};

struct Story {
  std::string title;    // "data race"
  std::string object;   // "counter", "heap block of 4 bytes"; may be empty
  std::string message;  // one sentence: what, on what, where, and why no order exists
  const common::Frame* place = nullptr;
  std::vector<Part> parts;  // events first
};

Story StoryOf(const common::Finding& finding);

// "race:Worker", or empty for kinds whose suppressions are not known.
std::string SuppressionOf(const common::Finding& finding);

}  // namespace csan::report
