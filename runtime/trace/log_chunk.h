// A page of an access history: entries as they are (8 bytes each, the young generation), or packed (about
// two bytes each, the old one).
//
// Packing. Entries follow each other in habits: a constructor writes its fields from the same sites at the
// same distances for each object. So an entry is told by how it differs from what followed the last time
// after the entry before it: site and distance, remembered by the site. A byte 0x80 | n stands for n + 1
// entries that came as expected; else a byte says how many bytes of a site (bits 3 and 4; 0 if it was
// expected) and of a distance (bits 0 to 2) follow, lowest first, or is 0x20 | kind before the five of a
// marker's payload. Each is written and read whole, with what comes after it, and cut to its length.
// A page is packed by itself: nothing before it is needed to read it. Costs a few nanoseconds an entry.
#pragma once

#include "base/types.h"
#include "shadow/word.h"
#include "trace/stack_table.h"

namespace csan {

struct LogChunk {
  static constexpr u32 kEntries = 508;
  static constexpr u32 kBytes = kEntries * 8;
  static constexpr u32 kForms = 3;
  static constexpr u32 kEntriesOf[kForms] = {kEntries, 28,
                                             12};  // the shorter ones are never packed
  static constexpr u32 kPackedMax =
      4 * kEntries;  // entries, so that a page can be unpacked in one go
  LogChunk* next;
  LogChunk* prev;
  u32 count;   // valid entries; for the newest chunk the owner's cursor says
  Word epoch;  // of the section that goes on from the chunk before
  u16 bytes;   // used, if packed
  u8 packed;
  u8 form;
  Word last;  // epoch of the last section that begins in it, if packed; 0 if none does
  union {
    u64 entries[kEntries];
    u8 data[kBytes];
  };
};
static_assert(sizeof(LogChunk) == 4096);

// What packing and unpacking expect next.
class LogHabits {
 public:
  struct Step {
    u32 site;
    u64 distance;  // between addresses, modulo their width
  };
  const Step& Next() const { return after_[Index()]; }
  u64 EntryAfter(const Step& step) const {
    return ((last_addr_ + step.distance) & kAddressMask) << kStackIdBits | step.site;
  }
  Step StepTo(u64 entry) const {
    return {SiteIn(entry), ((entry >> kStackIdBits) - last_addr_) & kAddressMask};
  }
  // The entry that `step` led to.
  void Take(u64 entry, const Step& step) {
    after_[Index()] = step;
    last_addr_ = entry >> kStackIdBits;
    last_site_ = step.site;
  }
  // The entry that came as expected.
  void Follow(u64 entry) {
    last_addr_ = entry >> kStackIdBits;
    last_site_ = SiteIn(entry);
  }

  static constexpr u32 kAddressBits = 64 - kStackIdBits;
  static constexpr u64 kAddressMask = (1ull << kAddressBits) - 1;
  static u32 SiteIn(u64 entry) { return static_cast<u32>(entry) & ((1u << kStackIdBits) - 1); }

 private:
  static constexpr u32 kSites = 64;
  u32 Index() const { return (last_site_ ^ last_site_ >> 6) & (kSites - 1); }
  u32 last_site_ = 0;
  u64 last_addr_ = 0;
  Step after_[kSites] = {};
};

constexpr u8 kLogExpected = 0x80;
constexpr u32 kLogRunMax = 0x7F;

// Appends to a packed or empty chunk.
class LogPacker {
 public:
  explicit LogPacker(LogChunk* chunk);
  // All of the entries, or false and none: they stay on one page.
  CSAN_ALWAYS_INLINE bool Put(const u64* entries, u32 n) {
    if (CSAN_UNLIKELY(chunk_->bytes + n * kEntryMax > LogChunk::kBytes ||
                      chunk_->count + n > LogChunk::kPackedMax)) {
      return false;
    }
    for (u32 i = 0; i < n; i++) {
      const LogHabits::Step step = habits_.StepTo(entries[i]);
      const LogHabits::Step& expected = habits_.Next();
      if (CSAN_LIKELY(step.site == expected.site && step.distance == expected.distance)) {
        PutExpected();
        habits_.Follow(entries[i]);
      } else {
        PutOther(entries[i], step);
      }
    }
    chunk_->count += n;
    return true;
  }

 private:
  static constexpr u32 kEntryMax = 12;  // bytes, those cut off included
  CSAN_ALWAYS_INLINE void PutExpected() {
    if (run_ != nullptr && *run_ < (kLogExpected | kLogRunMax)) {
      ++*run_;
    } else {
      run_ = &chunk_->data[chunk_->bytes++];
      *run_ = kLogExpected;
    }
  }
  void PutOther(u64 entry, const LogHabits::Step& step);
  void PutMarker(u64 entry);

  LogChunk* chunk_;
  u8* run_ = nullptr;  // the last byte, if it stands for expected entries
  LogHabits habits_;
};

// Reads a chunk of either form from the front.
class LogUnpacker {
 public:
  LogUnpacker(const LogChunk* chunk, u32 count) : chunk_(chunk), left_(count) {}
  CSAN_ALWAYS_INLINE bool Next(u64* entry) {
    if (left_ == 0) return false;
    left_--;
    if (chunk_->packed == 0) {
      *entry = __atomic_load_n(&chunk_->entries[at_++], __ATOMIC_RELAXED);
    } else if (run_ > 0) {
      run_--;
      *entry = habits_.EntryAfter(habits_.Next());
      habits_.Follow(*entry);
    } else {
      *entry = NextForm();
    }
    return true;
  }

 private:
  u64 NextForm();
  u64 NextMarker(u8 form);

  const LogChunk* chunk_;
  u32 left_;
  u32 at_ = 0;
  u32 run_ = 0;  // expected entries still to come
  LogHabits habits_;
};

}  // namespace csan
