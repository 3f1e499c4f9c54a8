#include <csan/go/panic.h>

namespace csan::inline go_v1::internal {

void Throw(const char* message) { throw Panic(message); }

}  // namespace csan::inline go_v1::internal
