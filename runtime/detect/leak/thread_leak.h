// Threads that have ended and were neither joined nor detached when the program exits: their stacks are
// never given back. Threads that still run at exit are left alone, because the process ends them, unless
// strict_exit=1 asks for them.
//
// It cannot accuse a correct program: a thread whose end somebody waited for was joined by a function that is
// intercepted (so are all of the C library's), and who calls _exit, quick_exit or abort is not asked.
// Cost: at exit a pass over the records of all threads that ever were, and one more for each finding.
#pragma once

namespace csan {

void ReportThreadLeaks();
void ReportRunningThreads();

}  // namespace csan
