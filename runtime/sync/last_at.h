// Who was the last to do something at an object, and where.
//
// A table of fixed size without locks; of objects that share a place only the later is known (of numbers
// below a thousand, as descriptors are, no two do). Cost: three stores; a look is three loads.
#pragma once

#include "base/types.h"
#include "trace/stack_table.h"

namespace csan {

struct ActorSite {
  u32 actor;
  StackId site;
};

class LastAt {
 public:
  // `object` is not 0.
  void Put(u64 object, ActorSite by) {
    Place& place = PlaceOf(object);
    __atomic_store_n(&place.object, 0, __ATOMIC_RELAXED);
    __atomic_store_n(&place.by, static_cast<u64>(by.actor) << 32 | by.site, __ATOMIC_RELEASE);
    __atomic_store_n(&place.object, object, __ATOMIC_RELEASE);
  }
  void Forget(u64 object) {
    Place& place = PlaceOf(object);
    if (ObjectIn(place) == object) __atomic_store_n(&place.object, 0, __ATOMIC_RELAXED);
  }
  // False if it is not known.
  bool Find(u64 object, ActorSite* found) const {
    const Place& place = places_[IndexOf(object)];
    if (ObjectIn(place) != object) return false;
    const u64 by = __atomic_load_n(&place.by, __ATOMIC_ACQUIRE);
    if (ObjectIn(place) != object) return false;
    *found = {static_cast<u32>(by >> 32), static_cast<StackId>(by)};
    return true;
  }

 private:
  struct Place {
    u64 object;
    u64 by;
  };
  static constexpr u32 kPlacesLog = 12;

  static u32 IndexOf(u64 object) {
    return static_cast<u32>(object * 0x9E3779B97F4A7C15ull >> (64 - kPlacesLog));
  }
  static u64 ObjectIn(const Place& place) {
    return __atomic_load_n(&place.object, __ATOMIC_ACQUIRE);
  }
  Place& PlaceOf(u64 object) { return places_[IndexOf(object)]; }

  Place places_[1 << kPlacesLog] = {};
};

}  // namespace csan
