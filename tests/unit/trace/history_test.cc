// The history against a model that keeps every access: what the shadow names must be found.
#include "trace/history.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <deque>
#include <memory>
#include <random>
#include <thread>
#include <vector>

#include "../shadow/plane.h"
#include "clock/dead.h"
#include "shadow/cell.h"
#include "trace/chunk_pool.h"

namespace csan {

// actor/'s, which is not linked in: nothing is dead unless a test says so.
constinit Clock dead_clock = {};

namespace {

struct Recorded {
  Word epoch;
  uptr addr, size;
  StackId site;
  bool write, atomic;
  std::vector<uptr> locks;  // last taken first
};

bool Touches(const Recorded& r, Word word, uptr granule) {
  if (!SameEpoch(r.epoch, word) || r.addr + r.size <= granule || r.addr >= granule + kGranule) {
    return false;
  }
  return (MaskIn(granule, r.addr, r.addr + r.size) & MaskOf(word)) != 0;
}

constexpr uptr kPcMask = 0xFFFFFFFFFFFF;

// The locks that FoundAccess names: taken, address, taken, address, … as detect/race reads them.
std::vector<uptr> LocksOf(StackId set) {
  std::vector<uptr> locks;
  while (set != 0) {
    const StackNode& lock = NodeAt(NodeAt(set).parent);
    locks.push_back(lock.pc_note & kPcMask);
    set = lock.parent;
  }
  return locks;
}

// An actor as far as its history goes: writes entries as actor/recording.h does, then stamps the
// shadow, and remembers everything.
class Owner {
 public:
  Owner(u32 slot, u32 seed) : slot_(slot), random_(seed) { NextEpoch(); }

  void NextEpoch() {
    epoch_++;
    locks_.clear();
    while (random_() % 3 == 0 && locks_.size() < 5) {
      locks_.push_back(kPlaneBegin + kPlaneSize + 8 * (random_() % 100));
    }
    section_open_ = false;
  }

  // `size` is a power of two up to 8, or else logged as a range.
  void Access(uptr addr, uptr size, bool write, bool atomic) {
    const bool range = size > 8 || (size & (size - 1)) != 0;
    const u32 note = (write ? kNoteWrite : 0u) | (atomic ? kNoteAtomic : 0u);
    const u32 size_log = range ? kSizeOther : static_cast<u32>(__builtin_ctzl(size));
    const uptr pc = 0x5556'0000'0000 + random_() % 64;
    const StackId site = Child(0, PackSite(pc, note | (range ? kNoteRange : 0u), size_log, addr));
    Prepare();
    u64* at = cursor_;
    *at++ = LogEntry(addr, site);
    if (range) *at++ = LogMarker(Marker::kLength, size);
    __atomic_store_n(&cursor_, at, __ATOMIC_RELEASE);
    Remember({Current(), addr, size, site, write, atomic, {locks_.rbegin(), locks_.rend()}});
  }

  // `count` accesses of `size` bytes, `stride` apart.
  void Run(uptr addr, uptr size, bool write, u64 count, u64 stride) {
    const u32 note = write ? kNoteWrite : kNoteNone;
    const uptr pc = 0x5557'0000'0000 + random_() % 64;
    const u32 size_log = static_cast<u32>(__builtin_ctzl(size));
    const StackId site = Child(0, PackSite(pc, note, size_log, addr));
    Prepare();
    u64* at = cursor_;
    *at++ = LogEntry(addr, site);
    *at++ = LogMarker(Marker::kRun, RunPayload(count, stride));
    __atomic_store_n(&cursor_, at, __ATOMIC_RELEASE);
    for (u64 k = 0; k < count; k++) {
      Remember({Current(),
                addr + k * stride,
                size,
                site,
                write,
                false,
                {locks_.rbegin(), locks_.rend()}});
    }
  }

  void Close() { history_.Close(&cursor_, &limit_); }

  // What a detector would ask about the word that a plane has now. A write that is named must be found,
  // and so must a read; what is found must have been, and be the newest of its kind.
  void ExpectFound(uptr granule, bool write) {
    const Word word = *(write ? WriteWord(granule) : ReadWord(granule));
    if (!IsPlain(word) || word == 0 || SlotOf(word) != slot_ || IsDead(word)) return;
    for (const bool atomic : {false, true}) {
      const Recorded* newest = nullptr;
      bool readable = false;
      for (auto r = all_.rbegin(); r != all_.rend(); ++r) {
        // Epochs only grow: nothing before the word's can be meant.
        if (EpochOf(r->epoch) < EpochOf(word)) break;
        if (!Touches(*r, word, granule)) continue;
        readable |= !r->write;
        if (r->write != write || r->atomic != atomic) continue;
        newest = &*r;
        break;
      }
      FoundAccess found = {};
      const bool any = history_.Find(word, granule, write, atomic, &found);
      if (newest != nullptr && !write && WrittenToo(word, granule)) {
        // The read may be gone: what races with it races with the write.
        ASSERT_TRUE(any);
      } else if (newest != nullptr) {
        ASSERT_TRUE(any) << "epoch " << EpochOf(word) << " of " << EpochOf(Current());
        asked_++;
        ASSERT_EQ(found.site, newest->site);
        ASSERT_EQ(found.size, newest->size);
        ASSERT_EQ(LocksOf(found.lock_set), newest->locks);
        ASSERT_TRUE(Touches({word, found.addr, found.size, 0, false, false, {}}, word, granule));
      } else if (write || readable) {
        ASSERT_TRUE(any) << "not even of another kind";
      }
      if (any) ExpectTrue(word, granule, found);
    }
  }

  u64 asked() const { return asked_; }
  History& history() { return history_; }
  Word Current() const { return MakeWord(slot_, epoch_, 0); }
  std::mt19937& random() { return random_; }

 private:
  void Prepare() {
    if (section_open_ && cursor_ + 2 <= limit_) return;
    if (cursor_ == nullptr || cursor_ + locks_.size() + 3 > limit_) {
      history_.Refill(&cursor_, &limit_, static_cast<u32>(locks_.size() + 3));
    }
    u64* at = cursor_;
    *at++ = SectionMarker(Current(), static_cast<u32>(locks_.size()));
    for (const uptr lock : locks_) {
      *at++ = LogEntry(lock,
                       Child(0, PackSite(0x5558'0000'0000 + lock % 97, kNoteLock | kNoteWrite, 0)));
    }
    __atomic_store_n(&cursor_, at, __ATOMIC_RELEASE);
    section_open_ = true;
  }

  void Remember(const Recorded& r) {
    all_.push_back(r);
    for (uptr g = GranuleOf(r.addr); g < r.addr + r.size; g += kGranule) {
      const Word mine = r.epoch | MaskIn(g, r.addr, r.addr + r.size);
      // A write stamps the read plane too if that is used.
      if (r.write) Stamp(WriteWord(g), mine);
      if (!r.write || *ReadWord(g) != 0) Stamp(ReadWord(g), mine);
    }
    // Old ones whose epoch no plane names any more would only make the model slow.
    while (all_.size() > kModelMax) all_.pop_front();
  }
  static void Stamp(Word* at, Word mine) {
    const Word old = *at;
    __atomic_store_n(at, IsPlain(old) && SameEpoch(old, mine) ? old | mine : mine,
                     __ATOMIC_SEQ_CST);
  }
  static bool WrittenToo(Word word, uptr granule) {
    return IsPlain(*WriteWord(granule)) && SameEpoch(*WriteWord(granule), word);
  }
  void ExpectTrue(Word word, uptr granule, const FoundAccess& found) {
    if (all_.size() == kModelMax) return;
    const bool known = std::any_of(all_.begin(), all_.end(), [&](const Recorded& r) {
      return r.site == found.site && r.addr == found.addr && r.size == found.size &&
             Touches(r, word, granule);
    });
    ASSERT_TRUE(known) << "it never was";
  }

  static constexpr size_t kModelMax = 3'000'000;
  u32 slot_;
  u32 epoch_ = 0;
  std::mt19937 random_;
  bool section_open_ = false;
  std::vector<uptr> locks_;
  std::deque<Recorded> all_;
  u64 asked_ = 0;
  History history_;
  u64* cursor_ = nullptr;
  u64* limit_ = nullptr;
};

class HistoryTest : public testing::Test {
 protected:
  void SetUp() override {
    static const bool done = (InitStackTable(), InitWordSets(), InitCells(), InitStamps(), true);
    static_cast<void>(done);
    MapPlane();
  }
  static uptr Any(std::mt19937& random, uptr bytes) { return kPlaneBegin + random() % bytes; }

  // One random access within `bytes`, aligned as compilers align.
  static void AccessSomewhere(Owner* owner, uptr bytes) {
    std::mt19937& random = owner->random();
    const uptr size = 1ul << random() % 4;
    const uptr addr = Any(random, bytes) & ~(size - 1);
    switch (random() % 16) {
      case 0:
        owner->Access(Any(random, bytes), 1 + random() % 100, random() % 2 == 0, false);
        break;
      case 1:
        owner->Run(addr, size, random() % 2 == 0, 2 + random() % 20, 8 * (1 + random() % 3));
        break;
      default:
        owner->Access(addr, size, random() % 2 == 0, random() % 4 == 0);
    }
  }
};

TEST_F(HistoryTest, WhatTheShadowNamesIsFound) {
  constexpr uptr kBytes = 1024;
  Owner owner(1, 11);
  for (int i = 0; i < 30000; i++) {
    if (owner.random()() % 40 == 0) owner.NextEpoch();
    AccessSomewhere(&owner, kBytes);
    // Others take granules over, and the entries of those die.
    if (i % 3 == 0) {
      const uptr other = GranuleOf(Any(owner.random(), kBytes));
      *ReadWord(other) = *WriteWord(other) = MakeWord(2, 1, kFullMask);
    }
    if (i % 100 != 0) continue;
    const uptr granule = GranuleOf(Any(owner.random(), kBytes));
    owner.ExpectFound(granule, true);
    owner.ExpectFound(granule, false);
    if (HasFatalFailure()) return;
  }
  EXPECT_GT(owner.asked(), 200u);
}

// Sections, ranges and runs lie across chunks and collections; most of a small memory is overwritten.
TEST_F(HistoryTest, CollectionsLoseNothingThatIsNamed) {
  for (const uptr bytes : {uptr{256}, uptr{64 << 10}, kPlaneSize / 2}) {
    MapPlane();
    Owner owner(1, static_cast<u32>(bytes));
    for (int i = 0; i < 300000; i++) {
      if (owner.random()() % 500 == 0) owner.NextEpoch();
      AccessSomewhere(&owner, bytes);
    }
    for (int i = 0; i < 60; i++) {
      const uptr granule = GranuleOf(Any(owner.random(), bytes));
      owner.ExpectFound(granule, true);
      owner.ExpectFound(granule, false);
      if (HasFatalFailure()) return;
    }
    EXPECT_GT(owner.asked(), 10u);
    owner.Close();
  }
}

// Epochs die some time after they end; what is dead of the log goes unseen, chunk by chunk.
TEST_F(HistoryTest, WhatOutlivesTheDeadIsFound) {
  for (const u32 lag : {5u, 30u, 300u}) {
    MapPlane();
    Owner owner(1, lag);
    for (int i = 0; i < 200000; i++) {
      if (owner.random()() % 1000 == 0) {
        owner.NextEpoch();
        const u32 epoch = EpochOf(owner.Current());
        dead_clock.at[1] = epoch > lag ? epoch - lag : 0;
      }
      AccessSomewhere(&owner, kPlaneSize / 2);
      if (i % 1000 != 999) continue;
      const uptr granule = GranuleOf(Any(owner.random(), kPlaneSize / 2));
      owner.ExpectFound(granule, true);
      owner.ExpectFound(granule, false);
      if (HasFatalFailure()) break;
    }
    EXPECT_GT(owner.asked(), 3u);
    owner.Close();
    dead_clock.at[1] = 0;
    if (HasFatalFailure()) return;
  }
}

TEST_F(HistoryTest, TheCommonLogKeepsWhatActorsThatEndedLeave) {
  std::vector<std::unique_ptr<Owner>> owners;
  for (u32 slot = 1; slot < 30; slot++) {
    owners.push_back(std::make_unique<Owner>(slot, slot));
    for (int i = 0; i < 3000; i++) {
      if (i % 100 == 99) owners.back()->NextEpoch();
      AccessSomewhere(owners.back().get(), 32 << 10);
    }
    owners.back()->Close();
  }
  u64 asked = 0;
  for (const auto& owner : owners) {
    for (int i = 0; i < 100; i++) {
      const uptr granule = GranuleOf(Any(owner->random(), 32 << 10));
      owner->ExpectFound(granule, true);
      owner->ExpectFound(granule, false);
      if (HasFatalFailure()) return;
    }
    asked += owner->asked();
  }
  EXPECT_GT(asked, 50u);
}

TEST_F(HistoryTest, MemoryFollowsWhatIsNamedNotWhatHappened) {
  Owner owner(1, 12);
  const u64 before = HistoryBytes();
  constexpr u64 kAccesses = 2'000'000;
  for (u64 i = 0; i < kAccesses; i++) {
    if (i % 1000 == 0) owner.NextEpoch();
    owner.Access(kPlaneBegin + (owner.random()() % 512) * 8, 8, true, false);
  }
  // An entry has 8 bytes; other tests' chunks may serve first.
  ASSERT_LT(before, kAccesses * 8 / 4);
  EXPECT_LT(HistoryBytes(), before + kAccesses * 8 / 8);
  owner.ExpectFound(kPlaneBegin + 8, true);
  owner.Close();
}

// A race is looked up by another thread while the owner writes on, and its chunks are swept.
TEST_F(HistoryTest, FindWhileTheOwnerAppends) {
  Owner owner(1, 13);
  // Named for the whole test.
  owner.Access(kPlaneBegin + kPlaneSize - 8, 8, true, false);
  const uptr granule = kPlaneBegin + kPlaneSize - 8;
  const Word word = *WriteWord(granule);
  owner.NextEpoch();
  std::atomic<bool> done = false;
  std::atomic<int> found = 0;
  std::thread reader([&] {
    do {
      FoundAccess access = {};
      ASSERT_TRUE(owner.history().Find(word, granule, true, false, &access));
      ASSERT_EQ(access.addr, granule);
      ASSERT_EQ(access.size, 8u);
      found++;
    } while (!done);
  });
  for (int i = 0; i < 50000; i++) {
    if (i % 1000 == 0) owner.NextEpoch();
    owner.Access(kPlaneBegin + (owner.random()() % 512) * 8, 8, true, false);
  }
  done = true;
  reader.join();
  EXPECT_GT(found, 0);
  owner.Close();
}

}  // namespace
}  // namespace csan
