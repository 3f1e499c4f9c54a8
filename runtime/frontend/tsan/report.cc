// What TSan tells of a report by functions. There is no structure behind ours: <csan/report.h> gives
// the finding as a record, and these say that they know nothing.
#include "frontend/real.h"

#define CSAN_KNOWS_NOTHING(name) \
  CSAN_INTERFACE int name(void*, ...) { return 0; }

extern "C" {
CSAN_INTERFACE void* __tsan_get_current_report() { return nullptr; }
CSAN_KNOWS_NOTHING(__tsan_get_report_data)
CSAN_KNOWS_NOTHING(__tsan_get_report_tag)
CSAN_KNOWS_NOTHING(__tsan_get_report_stack)
CSAN_KNOWS_NOTHING(__tsan_get_report_mop)
CSAN_KNOWS_NOTHING(__tsan_get_report_loc)
CSAN_KNOWS_NOTHING(__tsan_get_report_loc_object_type)
CSAN_KNOWS_NOTHING(__tsan_get_report_mutex)
CSAN_KNOWS_NOTHING(__tsan_get_report_thread)
CSAN_KNOWS_NOTHING(__tsan_get_report_unique_tid)
// Memory is given back as it goes.
CSAN_INTERFACE void __tsan_flush_memory() {}
}
