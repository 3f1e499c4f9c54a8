// The heap against a model of what is live, with hooks that check what the runtime is told.
#include "memory/heap.h"

#include <gtest/gtest.h>

#include <cstring>
#include <map>
#include <random>
#include <thread>
#include <vector>

#include "memory/quarantine.h"

namespace csan {
namespace {

constexpr uptr kQuarantine = 1 << 20;

thread_local HeapCache cache = {};
thread_local u32 bad_frees = 0;
thread_local bool bad_free_was_double = false;
thread_local uptr last_allocated = 0, last_freed = 0;
thread_local uptr last_usable = 0;

void Use() {
  HeapHooks hooks = {};
  hooks.allocated = [](uptr addr, uptr usable) { last_allocated = addr, last_usable = usable; };
  hooks.freed = [](uptr addr, uptr usable, uptr, u32*) { last_freed = addr, last_usable = usable; };
  hooks.left_quarantine = [](uptr, uptr) {};
  hooks.stack = [](uptr pc) { return static_cast<u32>(pc); };
  hooks.actor = [] { return 7u; };
  hooks.cache = [] { return &cache; };
  hooks.bad_free = [](uptr, bool before, uptr) { bad_frees++, bad_free_was_double = before; };
  SetQuarantine({kQuarantine, kQuarantine});
  SetHeapHooks(hooks);
}

u8 PatternOf(uptr addr) { return static_cast<u8>(addr * 31 >> 4 | 1); }

class Model {
 public:
  explicit Model(u32 seed) : random_(seed) {}

  void Step() {
    const u32 what = random_() % 10;
    if (live_.empty() || what < 4) {
      Allocate();
    } else if (what < 6) {
      Reallocate();
    } else if (what < 9) {
      Free();
    } else {
      Look();
    }
  }
  void FreeAll() {
    while (!live_.empty()) Free();
  }

 private:
  struct Block {
    uptr size;
    u8 pattern;
  };

  uptr AnySize() {
    const u32 kind = random_() % 100;
    if (kind < 60) return random_() % 300;
    if (kind < 90) return random_() % 20000;
    if (kind < 98) return random_() % (1 << 20);
    return (1 << 20) - 8 + random_() % (3 << 20);
  }

  void Allocate() {
    const uptr size = AnySize();
    const uptr align = random_() % 4 == 0 ? 16ull << (random_() % 10) : 16;
    const bool zero = random_() % 3 == 0;
    void* block = HeapAllocate(size, align, zero, 0x1234);
    ASSERT_NE(block, nullptr);
    EXPECT_EQ(reinterpret_cast<uptr>(block) % align, 0u) << size << " aligned " << align;
    EXPECT_EQ(last_allocated, reinterpret_cast<uptr>(block));
    EXPECT_GE(last_usable, size);
    if (zero) {
      for (uptr i = 0; i < size; i++) ASSERT_EQ(static_cast<u8*>(block)[i], 0) << "of " << size;
    }
    Enter(block, size);
  }

  void Enter(void* block, uptr size) {
    const uptr at = reinterpret_cast<uptr>(block);
    auto next = live_.lower_bound(at);
    if (next != live_.end()) {
      ASSERT_LE(at + size, next->first);
    }
    if (next != live_.begin()) {
      const auto before = std::prev(next);
      ASSERT_LE(before->first + before->second.size, at);
    }
    const Block b = {size, PatternOf(at + random_())};
    memset(block, b.pattern, size);
    live_[at] = b;
  }

  std::map<uptr, Block>::iterator Any() {
    auto it = live_.lower_bound(live_.begin()->first + random_() % 1000000);
    return it == live_.end() ? live_.begin() : it;
  }

  void ExpectContent(uptr at, uptr size, u8 pattern) {
    const u8* bytes = reinterpret_cast<const u8*>(at);
    for (uptr i = 0; i < size; i++) ASSERT_EQ(bytes[i], pattern) << "byte " << i << " of " << size;
  }

  void Reallocate() {
    const auto it = Any();
    const uptr at = it->first;
    const Block old = it->second;
    const uptr size = 1 + AnySize();
    live_.erase(it);
    void* fresh = HeapReallocate(reinterpret_cast<void*>(at), size, 0x55);
    ASSERT_NE(fresh, nullptr);
    ExpectContent(reinterpret_cast<uptr>(fresh), std::min(size, old.size), old.pattern);
    EXPECT_EQ(HeapUsableSize(fresh), size);
    Enter(fresh, size);
  }

  void Free() {
    const auto it = Any();
    ExpectContent(it->first, it->second.size, it->second.pattern);
    HeapFree(reinterpret_cast<void*>(it->first), 0x99);
    EXPECT_EQ(last_freed, it->first);
    live_.erase(it);
  }

  void Look() {
    const auto it = Any();
    BlockInfo info;
    ASSERT_TRUE(
        FindBlock(it->first + (it->second.size == 0 ? 0 : random_() % it->second.size), &info));
    EXPECT_EQ(info.begin, it->first);
    EXPECT_EQ(info.size, it->second.size);
    EXPECT_EQ(info.state, BlockState::kLive);
    EXPECT_EQ(info.alloc_actor, 7u);
    EXPECT_EQ(HeapUsableSize(reinterpret_cast<void*>(it->first)), it->second.size);
  }

  std::mt19937 random_;
  std::map<uptr, Block> live_;
};

TEST(Heap, AgreesWithTheModel) {
  Use();
  for (u32 seed = 1; seed <= 5; seed++) {
    Model model(seed);
    for (int i = 0; i < 4000 && !testing::Test::HasFatalFailure(); i++) model.Step();
    model.FreeAll();
  }
  EXPECT_EQ(bad_frees, 0u);
}

TEST(Heap, ManyThreadsAtOnce) {
  Use();
  std::vector<std::thread> threads;
  for (u32 t = 0; t < 4; t++) {
    threads.emplace_back([t] {
      Model model(100 + t);
      for (int i = 0; i < 3000; i++) model.Step();
      model.FreeAll();
      FlushCache(cache);
      EXPECT_EQ(bad_frees, 0u);
    });
  }
  for (auto& t : threads) t.join();
}

TEST(Heap, EachSizeFindsItselfFromEachOfItsBytes) {
  Use();
  for (uptr size = 1; size < 5000; size += 1 + size / 40) {
    void* block = HeapAllocate(size, 16, false, 0);
    for (uptr i = 0; i < size; i += 1 + size / 64) {
      BlockInfo info;
      ASSERT_TRUE(FindBlock(reinterpret_cast<uptr>(block) + i, &info));
      EXPECT_EQ(info.begin, reinterpret_cast<uptr>(block));
    }
    HeapFree(block, 0);
  }
}

TEST(Heap, FreedBlocksWaitForTheQuarantineToBeFull) {
  Use();
  FlushCache(cache);
  // Pushes everything older out.
  for (int i = 0; i < 3000; i++) HeapFree(HeapAllocate(4096, 16, false, 0), 0);
  void* block = HeapAllocate(64, 16, false, 0);
  HeapFree(block, 0x77);
  BlockInfo info;
  uptr freed_since = 0;
  while (freed_since + 64 * HeapCache::kPending < kQuarantine) {
    void* other = HeapAllocate(64, 16, false, 0);
    ASSERT_NE(other, block) << "handed out again after " << freed_since << " bytes";
    ASSERT_TRUE(FindBlock(reinterpret_cast<uptr>(block), &info));
    ASSERT_EQ(info.state, BlockState::kFreed);
    ASSERT_EQ(info.free_stack, 0x77u);
    HeapFree(other, 0);
    freed_since += 64;
  }
  bool again = false;
  for (int i = 0; i < 100000 && !again; i++) {
    void* other = HeapAllocate(64, 16, false, 0);
    again = other == block;
    HeapFree(other, 0);
  }
  EXPECT_TRUE(again) << "the block is lost";
}

TEST(Heap, WhatIsNoLiveBlockIsReported) {
  Use();
  bad_frees = 0;
  for (const uptr size : {uptr{100}, uptr{5} << 20}) {
    char* block = static_cast<char*>(HeapAllocate(size, 16, false, 0));
    HeapFree(block + 8, 0);
    EXPECT_EQ(bad_frees, 1u);
    EXPECT_FALSE(bad_free_was_double);
    HeapFree(block, 0);
    EXPECT_EQ(bad_frees, 1u);
    HeapFree(block, 0);
    // A large block may be unmapped at once; then it is nobody's.
    EXPECT_TRUE(size > kQuarantine || (bad_frees == 2 && bad_free_was_double));
    bad_frees = 0;
  }
}

TEST(Heap, ReallocationOfWhatIsNoLiveBlockIsReported) {
  Use();
  bad_frees = 0;
  for (const uptr size : {uptr{100}, uptr{900} << 10}) {
    char* block = static_cast<char*>(HeapAllocate(size, 16, false, 0));
    memset(block, 'a', size);
    // Of a size that it has room for: the pointer could be handed back.
    char* moved = static_cast<char*>(HeapReallocate(block + 16, size, 0));
    EXPECT_EQ(bad_frees, 1u);
    EXPECT_FALSE(bad_free_was_double);
    EXPECT_NE(moved, block + 16);
    EXPECT_EQ(moved[size - 17], 'a');
    EXPECT_EQ(HeapUsableSize(block), size);
    HeapFree(block, 0);
    EXPECT_EQ(bad_frees, 1u);
    HeapFree(HeapReallocate(block, size, 0), 0);
    EXPECT_EQ(bad_frees, 2u);
    EXPECT_TRUE(bad_free_was_double);
    HeapFree(moved, 0);
    EXPECT_EQ(bad_frees, 2u);
    bad_frees = 0;
  }
}

TEST(Heap, WhatCannotBeHadIsNull) {
  Use();
  EXPECT_EQ(HeapAllocate(~0ull, 16, false, 0), nullptr);
  EXPECT_EQ(HeapAllocate(~0ull - 4096, 16, false, 0), nullptr);
  EXPECT_EQ(HeapAllocate(1ull << 47, 16, false, 0), nullptr);
  EXPECT_EQ(HeapAllocate(16, 1ull << 41, false, 0), nullptr);
  void* block = HeapAllocate(10, 16, false, 0);
  memset(block, 3, 10);
  EXPECT_EQ(HeapReallocate(block, 1ull << 60, 0), nullptr);
  EXPECT_EQ(static_cast<u8*>(block)[9], 3);
  EXPECT_EQ(HeapReallocate(block, 0, 0), nullptr);
  HeapFree(nullptr, 0);
}

TEST(Heap, LargeAlignmentsHold) {
  Use();
  for (uptr align = 16; align <= 64ull << 20; align *= 2) {
    for (const uptr size : {uptr{1}, uptr{4097}, uptr{2} << 20}) {
      void* block = HeapAllocate(size, align, true, 0);
      ASSERT_NE(block, nullptr);
      EXPECT_EQ(reinterpret_cast<uptr>(block) & (align - 1), 0u);
      memset(block, 1, size);
      HeapFree(block, 0);
    }
  }
}

}  // namespace
}  // namespace csan
