// Where actors stood when they last made a request: kept in the request, written by the actor without the
// detector's lock and copied by others with it.
//
// The held locks and their modes are those of the request's set; their addresses are kept only if locks are
// taken in classes. Memory: nothing beside the request for one held lock and firm order that leads to the
// first six slots, or two locks and four slots, and so on; else 4 bytes a slot of the clock, 8 a held lock,
// and 16 more a lock in classes.
#pragma once

#include "actor/actor.h"
#include "base/seq_lock.h"
#include "base/types.h"
#include "detect/lock_order/witness.h"
#include "shadow/word.h"

namespace csan::lock_order {

struct Request;

// `at` holds the number and the stack of each lock held, then the firm clock, as long as its other slots are
// 0. Else, with kInBlock in the word's mask, an array of words that is told by its first one, and the size of
// the clock in it.
struct StoredPlace {
  static constexpr u32 kInBlock = 1;
  static constexpr u32 kInline = 8;
  SeqLock lock;
  Word word;  // but for kInBlock 0: none
  u32 at[kInline];
};

// Whether the place of a request that `a` makes is to be left as it is: what is asked for all the time keeps
// a place that is a few epochs old.
CSAN_ALWAYS_INLINE bool IsRecent(const Actor* a, const StoredPlace& place) {
  constexpr u32 kEachTime = 64;
  constexpr u32 kEpochs = 16;
  const Word word = __atomic_load_n(&place.word, __ATOMIC_RELAXED);
  return place.lock.Holds() > kEachTime && SlotOf(word) == a->slot &&
         *a->own_epoch - WholeEpoch(word) < kEpochs;
}
// Writes where `a` stands now, before it has the lock at `asked`, if it made the request. False, and nothing
// has changed, if it has no epoch to be known by or no memory is left.
bool StorePlace(Actor* a, uptr asked, Request* request);
// False if there is none or its actor writes on and on.
bool LoadPlace(const Request& request, Place* place);

// Gives up the places whose word would soon mean a later epoch (clock/window.h). What this can miss: orders
// of locks of which one was asked for half a million epochs of its slot ago are told in a note only.
void ForgetOldPlaces(bool (*is_old)(Word));

u64 PlacesRefused();

}  // namespace csan::lock_order
