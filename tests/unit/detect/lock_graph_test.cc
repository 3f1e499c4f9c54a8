#include "detect/lock_order/lock_graph.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <set>
#include <vector>

#include "detect/lock_order/cycle.h"

namespace csan::lock_order {
namespace {

struct Held {
  LockId lock;
  LockMode mode;
};

// A request as a plain list, to be searched slowly.
struct Row {
  u32 actor;
  std::vector<Held> held;
  LockId lock;
  LockMode mode;
};

bool Clash(LockMode a, LockMode b) { return a == LockMode::kWrite || b == LockMode::kWrite; }

bool Holds(const Row& row, LockId lock, LockMode mode) {
  return std::any_of(row.held.begin(), row.held.end(),
                     [&](const Held& h) { return h.lock == lock && Clash(h.mode, mode); });
}

bool Gate(const Row& a, const Row& b) {
  return std::any_of(a.held.begin(), a.held.end(),
                     [&](const Held& h) { return Holds(b, h.lock, h.mode); });
}

using Path = std::vector<u32>;

void Walk(const std::vector<Row>& rows, Path* path, std::set<Path>* found) {
  const Row& last = rows[path->back()];
  if (path->size() > 1 && Holds(rows[path->front()], last.lock, last.mode)) found->insert(*path);
  for (u32 next = 0; next < rows.size(); next++) {
    const Row& row = rows[next];
    if (!Holds(row, last.lock, last.mode)) continue;
    const bool fits = std::all_of(path->begin(), path->end(), [&](u32 i) {
      return rows[i].actor != row.actor && rows[i].lock != row.lock && !Gate(rows[i], row);
    });
    if (!fits) continue;
    path->push_back(next);
    Walk(rows, path, found);
    path->pop_back();
  }
}

u32 Add(const Row& row, Added* added = nullptr) {
  HeldSetId set = 0;
  for (const Held& h : row.held) set = WithLock(set, h.lock, h.mode);
  const Added got = AddRequest(row.actor, set, row.lock, row.mode);
  if (added != nullptr) *added = got;
  return got.request;
}

std::vector<LockId> NewLocks(u32 n) {
  std::vector<LockId> locks;
  for (u32 i = 0; i < n; i++) locks.push_back(NewLock(0x1000 + i));
  return locks;
}

bool Collect(const Cycle& cycle, void* to) {
  static_cast<std::vector<Path>*>(to)->emplace_back(cycle.request, cycle.request + cycle.size);
  return true;
}

std::vector<Path> CyclesThrough(u32 request) {
  std::vector<Path> found;
  ForEachCycle(request, Collect, &found);
  return found;
}

TEST(LockGraph, FindsTheCyclesThatASearchOfAllListsFinds) {
  std::mt19937 random(3);
  u32 total = 0;
  u32 longest = 0;
  for (int round = 0; round < 3000; round++) {
    const std::vector<LockId> locks = NewLocks(3 + random() % 5);
    const bool readers = random() % 2 == 0;
    const auto mode = [&] {
      return readers && random() % 2 == 0 ? LockMode::kRead : LockMode::kWrite;
    };
    std::vector<Row> rows;
    std::vector<u32> ids;
    for (u32 i = 0; i < 3 + random() % 7; i++) {
      std::vector<LockId> some = locks;
      std::shuffle(some.begin(), some.end(), random);
      Row row = {static_cast<u32>(random() % 5), {}, some[0], mode()};
      for (u32 k = 0; k < 1 + random() % 2; k++) row.held.push_back({some[k + 1], mode()});
      Added added;
      const u32 id = Add(row, &added);
      ASSERT_NE(id, 0u);
      if (!added.new_actor) continue;
      rows.push_back(row);
      ids.push_back(id);
      std::set<Path> expected;
      Path path = {static_cast<u32>(rows.size() - 1)};
      Walk(rows, &path, &expected);
      std::set<Path> got;
      size_t size = 0;
      for (const Path& cycle : CyclesThrough(id)) {
        EXPECT_GE(cycle.size(), size) << "shortest first";
        size = cycle.size();
        Path indices;
        for (const u32 request : cycle) {
          indices.push_back(
              static_cast<u32>(std::find(ids.begin(), ids.end(), request) - ids.begin()));
        }
        EXPECT_TRUE(got.insert(indices).second) << "told twice";
      }
      ASSERT_EQ(got, expected);
      if (!expected.empty()) {
        EXPECT_TRUE(MayCloseCycle(id, added.new_cycle));
      }
      total += static_cast<u32>(got.size());
      for (const Path& cycle : got) longest = std::max(longest, static_cast<u32>(cycle.size()));
    }
  }
  EXPECT_GT(total, 1000u);
  EXPECT_GE(longest, 4u);
}

TEST(LockGraph, ARingOfTenLocksIsOneCycleAndIsFoundAtItsLastRequest) {
  const std::vector<LockId> locks = NewLocks(10);
  for (u32 i = 0; i < 9; i++) {
    Added added;
    const u32 id = Add({i, {{locks[i], LockMode::kWrite}}, locks[i + 1], LockMode::kWrite}, &added);
    EXPECT_FALSE(MayCloseCycle(id, added.new_cycle));
  }
  Added added;
  const u32 last = Add({9, {{locks[9], LockMode::kWrite}}, locks[0], LockMode::kWrite}, &added);
  EXPECT_TRUE(MayCloseCycle(last, added.new_cycle));
  const std::vector<Path> found = CyclesThrough(last);
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].size(), 10u);
}

TEST(LockGraph, AKnownRequestIsTheSameAndAddsNothing) {
  const std::vector<LockId> locks = NewLocks(2);
  const Row row = {7, {{locks[0], LockMode::kWrite}}, locks[1], LockMode::kWrite};
  Added first;
  Added again;
  Add(row, &first);
  Add(row, &again);
  EXPECT_TRUE(first.new_actor);
  EXPECT_EQ(again.request, first.request);
  EXPECT_FALSE(again.new_actor || again.new_cycle);
}

TEST(LockGraph, ThreadsThatComeAndGoTakeTheOldestOnesPlace) {
  const std::vector<LockId> locks = NewLocks(2);
  std::set<u32> ids;
  for (u32 actor = 0; actor < 1000; actor++) {
    ids.insert(Add({actor, {{locks[0], LockMode::kWrite}}, locks[1], LockMode::kWrite}));
  }
  EXPECT_EQ(ids.size(), kActorsKept);
  std::set<u32> actors;
  for (const u32 id : ids) actors.insert(RequestAt(id).actor);
  EXPECT_EQ(*actors.begin(), 1000 - kActorsKept);
  EXPECT_EQ(
      CyclesThrough(Add({5, {{locks[1], LockMode::kWrite}}, locks[0], LockMode::kWrite})).size(),
      kActorsKept);
}

// Ranks against a plain search of the edges that have some.
TEST(LockGraph, EdgesLeadUpwardsUnlessTheyCloseACycle) {
  constexpr u32 kLocks = 60;
  std::mt19937 random(5);
  u32 fitting = 0;
  u32 closing = 0;
  for (u32 backwards = 0; backwards < 4; backwards++) {
    std::vector<LockId> locks = NewLocks(kLocks);
    std::shuffle(locks.begin(), locks.end(), random);
    std::vector<std::vector<bool>> reaches(kLocks, std::vector<bool>(kLocks));
    for (u32 i = 0; i < kLocks; i++) reaches[i][i] = true;
    std::vector<std::pair<u32, u32>> ranked;
    for (u32 n = 0; n < 700; n++) {
      u32 from = random() % kLocks;
      u32 to = random() % kLocks;
      // Along the hidden order, but for a few.
      if (from == to) continue;
      if ((from > to) != (random() % 64 < backwards)) std::swap(from, to);
      if (HasEdge(locks[from], locks[to])) continue;
      Add({1, {{locks[from], LockMode::kWrite}}, locks[to], LockMode::kWrite});
      const Edge& edge = EdgeAt(LockAt(locks[from]).out);
      ASSERT_EQ(edge.to, locks[to]);
      ASSERT_EQ(edge.ranked, !reaches[to][from]);
      if (!edge.ranked) {
        closing++;
        continue;
      }
      fitting++;
      ranked.emplace_back(from, to);
      for (u32 a = 0; a < kLocks; a++) {
        for (u32 b = 0; reaches[a][from] && b < kLocks; b++) {
          if (reaches[to][b]) reaches[a][b] = true;
        }
      }
      for (const auto& [a, b] : ranked) ASSERT_LT(LockAt(locks[a]).rank, LockAt(locks[b]).rank);
    }
  }
  EXPECT_GT(fitting, 1000u);
  EXPECT_GT(closing, 10u);
}

TEST(LockGraph, AMillionLocksBehindOneAndInAChain) {
  constexpr u32 kMany = 1000000;
  const u64 refused = RequestsRefused();
  const LockId all = NewLock(1);
  LockId last = all;
  for (u32 i = 0; i < kMany; i++) {
    const LockId lock = NewLock(2);
    ASSERT_NE(lock, 0u);
    Added behind;
    Added chain;
    const u32 a = Add({1, {{all, LockMode::kWrite}}, lock, LockMode::kWrite}, &behind);
    const u32 b = Add({2, {{last, LockMode::kWrite}}, lock, LockMode::kWrite}, &chain);
    ASSERT_FALSE(MayCloseCycle(a, behind.new_cycle));
    ASSERT_FALSE(MayCloseCycle(b, chain.new_cycle));
    last = lock;
  }
  EXPECT_EQ(RequestsRefused(), refused);
  // By way of the lock's own place behind `all`, and of its neighbour's; the chain as a whole is one actor's.
  Added added;
  const u32 back = Add({3, {{last, LockMode::kWrite}}, all, LockMode::kWrite}, &added);
  EXPECT_TRUE(MayCloseCycle(back, added.new_cycle));
  const std::vector<Path> found = CyclesThrough(back);
  ASSERT_EQ(found.size(), 2u);
  EXPECT_EQ(found[0].size(), 2u);
  EXPECT_EQ(found[1].size(), 3u);
}

}  // namespace
}  // namespace csan::lock_order
