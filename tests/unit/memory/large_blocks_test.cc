// Large blocks against a map that is searched in order, and against readers that do not wait.
#include "memory/large_blocks.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <iterator>
#include <map>
#include <random>
#include <thread>
#include <vector>

#include "memory/heap.h"
#include "memory/size_class.h"

namespace csan {
namespace {

// What lies where, by the end of the block's mapping.
class Reference {
 public:
  LargeMeta* Find(uptr addr) const {
    const auto it = by_end_.upper_bound(addr);
    return it != by_end_.end() && addr >= it->second.begin ? it->second.meta : nullptr;
  }
  void Add(LargeMeta* l) { by_end_[l->map + l->map_size] = {l->begin, l}; }
  void Remove(LargeMeta* l) { by_end_.erase(l->map + l->map_size); }
  LargeMeta* Any(u64 random) const {
    return std::next(by_end_.begin(), static_cast<long>(random % by_end_.size()))->second.meta;
  }
  size_t size() const { return by_end_.size(); }

 private:
  struct Block {
    uptr begin;
    LargeMeta* meta;
  };
  std::map<uptr, Block> by_end_;
};

class LargeBlocks : public testing::Test {
 protected:
  LargeBlocks() { ReserveHeap(); }

  LargeMeta* Map() {
    const u64 kind = random_() % 20;
    uptr size = kLargeMin + 1 + random_() % (kind == 0 ? 1ull << 30 : 3ull << 20);
    uptr align = 16;
    if (kind < 4) align = 16ull << (random_() % 22);
    if (kind == 4) size = 1, align = kLargeMin * 2;
    return MapLarge(size, align, 0);
  }

  void ExpectAgreement(uptr addr) {
    LargeMeta* const wanted = reference_.Find(addr);
    LargeMeta* const found = FindLarge(addr);
    if (wanted != nullptr) {
      ASSERT_EQ(found, wanted);
    } else if (found != nullptr) {
      // Other tests have blocks too.
      ASSERT_NE(reference_.Find(found->begin), found);
    }
  }

  void ExpectAgreementAround(const LargeMeta& l) {
    const uptr end = l.map + l.map_size;
    for (const uptr addr : {l.map - 1, l.map, l.begin - 1, l.begin, l.begin + kLargeMin, end - 1,
                            end, end + kLargeMin, l.begin + random_() % (end - l.begin)}) {
      ExpectAgreement(addr);
    }
  }

  std::mt19937_64 random_{1};
  Reference reference_;
};

TEST_F(LargeBlocks, AreFoundByEachOfTheirAddresses) {
  for (int i = 0; i < 20000 && !HasFatalFailure(); i++) {
    if (reference_.size() < 2 || random_() % 2 == 0) {
      LargeMeta* const l = Map();
      ASSERT_NE(l, nullptr);
      reference_.Add(l);
      ExpectAgreementAround(*l);
    } else {
      LargeMeta* const l = reference_.Any(random_());
      const LargeMeta was = *l;
      reference_.Remove(l);
      UnmapLarge(was.begin + random_() % was.size);
      ExpectAgreementAround(was);
    }
    ExpectAgreementAround(*reference_.Any(random_()));
  }
  while (reference_.size() > 0) {
    LargeMeta* const l = reference_.Any(0);
    reference_.Remove(l);
    UnmapLarge(l->begin);
  }
}

TEST_F(LargeBlocks, AreFoundWhileTheirNeighboursComeAndGo) {
  std::vector<LargeMeta*> stay;
  for (int i = 0; i < 64; i++) stay.push_back(MapLarge(kLargeMin + 4096, 16, 0));
  std::atomic<bool> stop = false;
  std::atomic<u64> looks = 0, changes = 0;
  std::vector<std::thread> threads;
  for (u32 t = 0; t < 2; t++) {
    threads.emplace_back([&] {
      while (!stop) {
        for (LargeMeta* l : stay) {
          ASSERT_EQ(FindLarge(l->begin), l);
          ASSERT_EQ(FindLarge(l->begin + l->size - 1), l);
        }
        looks++;
      }
    });
    threads.emplace_back([&, t] {
      std::mt19937_64 random(t);
      while (!stop) {
        LargeMeta* const l = MapLarge(kLargeMin + 1 + random() % (4 << 20), 16, 0);
        ASSERT_EQ(FindLarge(l->begin + kLargeMin), l);
        UnmapLarge(l->begin);
        changes++;
      }
    });
  }
  while ((looks < 2000 || changes < 2000) && !HasFailure()) std::this_thread::yield();
  stop = true;
  for (auto& t : threads) t.join();
  for (const LargeMeta* l : stay) UnmapLarge(l->begin);
}

TEST_F(LargeBlocks, MayBeManyAndTheirRecordsAreUsedAgain) {
  constexpr u32 kMany = 70'000;
  const u32 others = CountLarge();
  const uptr other_bytes = LargeBytes();
  std::vector<LargeMeta*> first(kMany), second(kMany);
  for (LargeMeta*& l : first) ASSERT_NE(l = MapLarge(kLargeMin + 1, 16, 0), nullptr);
  EXPECT_EQ(CountLarge(), others + kMany);
  for (const LargeMeta* l : first) UnmapLarge(l->begin);
  EXPECT_EQ(CountLarge(), others);
  for (LargeMeta*& l : second) ASSERT_NE(l = MapLarge(kLargeMin + 1, 16, 0), nullptr);
  std::sort(first.begin(), first.end());
  std::sort(second.begin(), second.end());
  EXPECT_EQ(first, second);
  for (const LargeMeta* l : second) UnmapLarge(l->begin);
  EXPECT_EQ(LargeBytes(), other_bytes);
}

}  // namespace
}  // namespace csan
