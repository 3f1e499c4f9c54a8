// A finding as the line that the runtime would write for it: what reading is compared with.
#pragma once

#include <string>

#include "finding.h"

namespace csan::common {

std::string ToJson(const Finding& finding);

}  // namespace csan::common
