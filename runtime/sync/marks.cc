#include "sync/marks.h"

#include "actor/epoch.h"
#include "platform/platform.h"

namespace csan {

// The actor's own place, else one whose mark is of no use any more; null if the table is too full.
Mark* Marks::PlaceFor(const Actor* a) {
  Mark* spare = nullptr;
  for (u32 i = 0; i < kProbes; i++) {
    Mark* mark = &at()[(a->id + i) & (capacity() - 1)];
    if (mark->epoch != 0 && mark->actor == a->id) return mark;
    if (spare == nullptr && (mark->epoch == 0 || KnowsEpoch(a, mark->slot, mark->epoch)))
      spare = mark;
  }
  return spare;
}

// Twice the room, or more if the marks stand too close together.
Mark* Marks::Grow(const Actor* a) {
  const Marks old = *this;
  for (u32 room = capacity() * 4; room <= kMarksMax; room *= 4) {
    auto* marks = static_cast<Mark*>(TryMap(room * sizeof(Mark)));
    if (marks == nullptr) break;
    more_ = marks;
    capacity_ = room;
    bool fits = true;
    const Mark* from = old.more_ != nullptr ? old.more_ : old.inline_;
    for (u32 i = 0; i < old.capacity() && fits; i++) {
      if (from[i].epoch == 0 || KnowsEpoch(a, from[i].slot, from[i].epoch)) continue;
      u32 k = 0;
      while (k < kProbes && marks[(from[i].actor + k) & (room - 1)].epoch != 0) k++;
      fits = k < kProbes;
      if (fits) marks[(from[i].actor + k) & (room - 1)] = from[i];
    }
    if (Mark* place = fits ? PlaceFor(a) : nullptr) {
      if (old.more_ != nullptr) UnmapMemory(old.more_, old.capacity_ * sizeof(Mark));
      return place;
    }
    UnmapMemory(marks, room * sizeof(Mark));
  }
  more_ = old.more_;
  capacity_ = old.capacity_;
  return &at()[a->id & (capacity() - 1)];
}

void Marks::Put(Actor* a, StackId site) {
  const Word now = RecordingEpoch(a);
  if (now == 0 || now == kNoEpoch) return;
  Mark* place = PlaceFor(a);
  if (place == nullptr) place = Grow(a);
  *place = {a->slot, *a->own_epoch, a->id, site};
}

const Mark* Marks::Unknown(const Actor* a) const {
  const Mark* marks = more_ != nullptr ? more_ : inline_;
  for (u32 i = 0; i < capacity(); i++) {
    if (marks[i].epoch != 0 && !KnowsEpoch(a, marks[i].slot, marks[i].epoch)) return &marks[i];
  }
  return nullptr;
}

void Marks::Free() {
  if (more_ != nullptr) UnmapMemory(more_, capacity_ * sizeof(Mark));
  *this = {};
}

}  // namespace csan
