#include "detect/lock_order/place.h"

#include "actor/epoch.h"
#include "config/flags.h"
#include "detect/lock_order/lock_graph.h"
#include "detect/lock_order/pool.h"

namespace csan::lock_order {
namespace {

struct Note {
  u32 number;
  StackId taken;
};

// Words in one row: the clock's capacity, the clock, a note for each held lock; with classes the address of
// the lock asked for and those of the held ones.
struct Block {
  u32 capacity;
  u32* firm() { return &capacity + 1; }
  Note* notes() { return reinterpret_cast<Note*>(firm() + capacity); }
  u32* addrs(u32 held) { return reinterpret_cast<u32*>(notes() + held); }
};

constinit Pool<u32, 1u << 29> words;

Block* BlockAt(u32 at) { return reinterpret_cast<Block*>(&words[at]); }

constexpr u32 Kept(u32 held) { return held < Place::kHeld ? held : Place::kHeld; }

void PutAddr(u32* at, uptr addr) { __builtin_memcpy(at, &addr, sizeof(addr)); }
uptr AddrAt(const u32* at) {
  uptr addr;
  __builtin_memcpy(&addr, at, sizeof(addr));
  return addr;
}

// The slots from the first one to the last one with an epoch.
u32 SizeOf(const FirmClock& firm) {
  u32 size = firm.size;
  while (size > 0 && firm.at[size - 1] == 0) size--;
  return size;
}

bool HasRoom(const StoredPlace& place, u32 clock) {
  return (place.word & StoredPlace::kInBlock) != 0 && BlockAt(place.at[0])->capacity >= clock;
}

u32 NewBlock(u32 clock, u32 held) {
  u32 capacity = kClockStep;
  while (capacity < clock) capacity *= 2;
  const u32 at = words.Take(1 + capacity + 2 * held + (flags().lock_classes ? 2 + 2 * held : 0));
  if (at != 0) BlockAt(at)->capacity = capacity;
  return at;
}

void WriteNotes(const HeldLock* held, u32 count, Note* notes) {
  for (u32 i = 0; i < count; i++) notes[i] = {held[i].number, held[i].taken};
}

void WriteBlock(const Actor* a, uptr asked, u32 clock, Block* block) {
  CopyInto(block->firm(), a->firm->at, clock);
  const u32 kept = Kept(a->held_count);
  const HeldLock* held = a->held + (a->held_count - kept);
  WriteNotes(held, kept, block->notes());
  if (!flags().lock_classes) return;
  PutAddr(block->addrs(kept), asked);
  for (u32 i = 0; i < kept; i++) PutAddr(block->addrs(kept) + 2 + u64{2} * i, held[i].addr);
}

constexpr u32 kNoteWords = sizeof(Note) / sizeof(u32);
bool FitsInline(u32 held, u32 clock) {
  return held <= StoredPlace::kInline / kNoteWords &&
         kNoteWords * held + clock <= StoredPlace::kInline && !flags().lock_classes;
}

// With the place locked.
bool Write(const Actor* a, uptr asked, Word cur, StoredPlace* place) {
  const u32 clock = SizeOf(*a->firm);
  const Word bare = cur & ~kFullMask;
  // A block that is there is kept: blocks are never given back.
  if ((place->word & StoredPlace::kInBlock) == 0 && FitsInline(a->held_count, clock)) {
    const u32 notes = kNoteWords * a->held_count;
    place->word = bare;
    WriteNotes(a->held, a->held_count, reinterpret_cast<Note*>(place->at));
    CopyInto(&place->at[notes], a->firm->at, StoredPlace::kInline - notes);
    return true;
  }
  u32 at = place->at[0];
  if (!HasRoom(*place, clock)) {
    at = NewBlock(clock, Kept(a->held_count));
    if (at == 0) return false;
  }
  WriteBlock(a, asked, clock, BlockAt(at));
  place->word = bare | StoredPlace::kInBlock;
  place->at[0] = at;
  place->at[1] = clock;
  return true;
}

// As the request's set has them; `notes` of the last `count`, and their addresses if they may differ.
void LoadHeld(HeldSetId set, const Note* notes, const u32* addrs, u32 count, Place* place) {
  for (u32 i = count; i-- > 0; set = SetAt(set).parent) {
    const LockId lock = SetAt(set).lock();
    const uptr addr = addrs != nullptr ? AddrAt(addrs + u64{2} * i) : LockAt(lock).addr;
    place->held[i] = {addr, notes[i].number, notes[i].taken, SetAt(set).mode()};
  }
}

void LoadInline(const Request& request, const StoredPlace& copy, Place* place) {
  const u32 notes = kNoteWords * place->held_count;
  place->asked = LockAt(request.lock()).addr;
  static_assert(StoredPlace::kInline <= kClockStep);
  place->size = kClockStep;
  for (u32 i = 0; i < place->size; i++) {
    place->firm[i] = notes + i < StoredPlace::kInline ? copy.at[notes + i] : 0;
  }
  LoadHeld(request.held, reinterpret_cast<const Note*>(copy.at), nullptr, place->held_count, place);
}

void LoadBlock(const Request& request, const StoredPlace& copy, Place* place) {
  Block* const block = BlockAt(copy.at[0]);
  const u32 count = place->held_count;
  const bool classes = flags().lock_classes;
  place->asked = classes ? AddrAt(block->addrs(count)) : LockAt(request.lock()).addr;
  place->size = copy.at[1] == 0 ? kClockStep : ClockSizeFor(copy.at[1] - 1);
  for (u32 i = 0; i < place->size; i++) place->firm[i] = i < copy.at[1] ? block->firm()[i] : 0;
  LoadHeld(request.held, block->notes(), classes ? block->addrs(count) + 2 : nullptr, count, place);
}

}  // namespace

bool StorePlace(Actor* a, uptr asked, Request* request) {
  const Word cur = RecordingEpoch(a);
  if (cur == 0 || cur == kNoEpoch) return false;
  StoredPlace& place = request->place;
  // Only a handler that has interrupted this, or who takes the request away, has it.
  if (!place.lock.TryLock()) return false;
  const bool stored = request->actor == a->id && Write(a, asked, cur, &place);
  place.lock.Unlock();
  return stored;
}

bool LoadPlace(const Request& request, Place* place) {
  constexpr u32 kTries = 1000;
  for (u32 i = 0; i < kTries; i++) {
    const u32 begin = request.place.lock.Begin();
    const StoredPlace copy = request.place;
    if (!request.place.lock.Unchanged(begin)) continue;
    if ((copy.word & ~kFullMask) == 0) return false;
    place->actor = request.actor;
    place->slot = SlotOf(copy.word);
    place->epoch = WholeEpoch(copy.word);
    const u32 held = SetAt(request.held).size;
    place->held_count = Kept(held);
    place->whole = held == place->held_count;
    if ((copy.word & StoredPlace::kInBlock) == 0) {
      LoadInline(request, copy, place);
    } else {
      LoadBlock(request, copy, place);
    }
    if (request.place.lock.Unchanged(begin)) return true;
  }
  return false;
}

void ForgetOldPlaces(bool (*is_old)(Word)) {
  for (u32 i = 1; i <= RequestsEver(); i++) {
    StoredPlace& place = RequestAt(i).place;
    // Who has it locked writes a place of now.
    if ((place.word & ~kFullMask) == 0 || !is_old(place.word) || !place.lock.TryLock()) continue;
    if (is_old(place.word)) place.word &= StoredPlace::kInBlock;
    place.lock.Unlock();
  }
}

u64 PlacesRefused() { return words.refused(); }

}  // namespace csan::lock_order
