// What goes on inside a call that a model describes.
#pragma once

#include "actor/actor.h"
#include "actor/ignore.h"

namespace csan {

inline void BeginInside(Actor* a, bool ignores) {
  if (ignores) {
    a->model_ignores++;
    IgnoreAccesses(a, true);
  }
  a->call_told = true;
}

inline void EndInside(Actor* a, bool ignores) {
  a->call_told = false;
  if (!ignores || a->model_ignores == 0) return;
  a->model_ignores--;
  IgnoreAccesses(a, false);
}

}  // namespace csan
