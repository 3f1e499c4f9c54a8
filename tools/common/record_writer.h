// A finding as the line that the runtime would write for it: what merged records are kept in, and what
// reading is compared with.
#pragma once

#include <string>

#include "finding.h"

namespace llvm::json {
class OStream;
}

namespace csan::common {

std::string ToJson(const Finding& finding);
// The members of that object, for one that has more.
void PutMembers(llvm::json::OStream& out, const Finding& finding);

}  // namespace csan::common
