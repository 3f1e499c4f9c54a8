// The shadow of a range of addresses at which nothing lies: enough for what looks at words only.
#pragma once

#include <gtest/gtest.h>

#include "platform/platform.h"
#include "shadow/residency.h"
#include "shadow/shadow.h"

namespace csan {

constexpr uptr kPlaneBegin = 0x7B9000000000;
constexpr uptr kPlaneSize = 1 << 20;

// Maps both planes of the range, all words 0, and the map of what is in use. For the whole process; may be
// called again.
inline void MapPlane() {
  constexpr uptr kPage = 4096;
  static bool mapped = false;
  for (Word* (*word)(uptr) : {&WriteWord, &ReadWord}) {
    const uptr lo = reinterpret_cast<uptr>(word(kPlaneBegin)) & ~(kPage - 1);
    const uptr hi = reinterpret_cast<uptr>(word(kPlaneBegin + kPlaneSize)) + kPage;
    const uptr size = (hi - lo) & ~(kPage - 1);
    if (mapped) {
      ReleasePages(lo, size);
    } else {
      ASSERT_TRUE(TryMapFixed(lo, size));
    }
  }
  if (!mapped) InitResidency();
  mapped = true;
}

}  // namespace csan
