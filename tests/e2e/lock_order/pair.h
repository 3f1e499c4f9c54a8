// Two threads, one after the other: the first takes one lock and then two, the second the other way round if
// there is a bug.
#pragma once

#include <mutex>

#include "../support/order.h"

inline int together;

template <typename One, typename Two>
void TakeBoth(One& one, Two& two) {
  std::lock_guard a(one);
  std::lock_guard b(two);
  __atomic_fetch_add(&together, 1, __ATOMIC_RELAXED);
}
