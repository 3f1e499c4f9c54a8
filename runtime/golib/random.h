// Choices that need not be good, but fair and fast.
#pragma once

#include <cstddef>
#include <cstdint>

namespace csan::inline go_v1::internal {

// Less than `limit`, which is at most 2^32. Of a generator of this thread (xorshift64*).
std::size_t Random(std::size_t limit);

}  // namespace csan::inline go_v1::internal
