// Time for goroutines to end, or to begin to wait, before the program's end is looked at. settle.cc tells
// how.
#pragma once

namespace csan::leak {

void AwaitStillness();

}  // namespace csan::leak
