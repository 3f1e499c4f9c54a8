// Which place in the program's own source a finding is about.
#pragma once

#include "finding.h"

namespace csan::report {

// Not of the system's headers or libraries.
bool IsOwn(const common::Frame& frame);

// The innermost own frame, else the innermost that has a file, else null.
const common::Frame* InnermostOwn(const common::Stack& stack);

// Where the finding is shown: of the later access or the first step, else of the others.
const common::Frame* PrimaryFrame(const common::Finding& finding);

// "main thread", "thread T3 'worker'", "goroutine 7".
std::string ActorName(const common::Finding& finding, uint64_t actor);

}  // namespace csan::report
