// Where locks are waited for: at exit, a note for each place, the one with the longest waits first.
#pragma once

namespace csan {

void ReportContention();

}  // namespace csan
