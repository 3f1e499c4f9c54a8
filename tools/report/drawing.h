// Geometry of the page's drawings, as values for its template. Text in them is not escaped: the template
// does that.
#pragma once

#include <cstdint>
#include <map>
#include <optional>

#include "llvm/Support/JSON.h"
#include "story.h"

namespace csan::report {

// Colours 0 to 5 for actors, in the order in which a story names them.
class Colours {
 public:
  uint64_t Of(uint64_t actor);

 private:
  std::map<uint64_t, uint64_t> colours_;
};

// A lane for each actor; from top to bottom who was created, what was taken, what was done.
llvm::json::Value TimelineOf(const common::Finding& finding, const Story& story, Colours* colours);

// Who waits for what, and who has it: for findings whose steps name objects. Of those without, nothing.
std::optional<llvm::json::Value> GraphOf(const common::Finding& finding, Colours* colours);

}  // namespace csan::report
