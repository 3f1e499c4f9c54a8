#include "sync/table.h"

#include <gtest/gtest.h>

#include <thread>
#include <vector>

namespace csan {
namespace {

struct Counter {
  uptr addr;
  Counter* next;
  u64 count;
};

TEST(AddressTable, FindsWhatWasMade) {
  static AddressTable<Counter> table;
  EXPECT_FALSE(table.With(8, false, [](Counter*) { FAIL(); }));
  EXPECT_TRUE(table.With(8, true, [](Counter* c) { c->count = 7; }));
  EXPECT_TRUE(table.With(8, false, [](Counter* c) { EXPECT_EQ(c->count, 7u); }));
}

TEST(AddressTable, MakesARecordAnewAfterItsEnd) {
  static AddressTable<Counter> table;
  table.With(8, true, [](Counter* c) { c->count = 7; });
  u64 had = 0;
  EXPECT_TRUE(table.Remove(8, [&](Counter* c) { had = c->count; }));
  EXPECT_EQ(had, 7u);
  EXPECT_FALSE(table.Remove(8, [](Counter*) {}));
  table.With(8, true, [](Counter* c) { EXPECT_EQ(c->count, 0u); });
}

TEST(AddressTable, KeepsManyApartAndLosesNoneWhenOthersEnd) {
  static AddressTable<Counter> table;
  constexpr uptr kMany = 100000;
  for (uptr i = 1; i <= kMany; i++) table.With(i * 16, true, [i](Counter* c) { c->count = i; });
  for (uptr i = 1; i <= kMany; i += 2) EXPECT_TRUE(table.Remove(i * 16, [](Counter*) {}));
  for (uptr i = 1; i <= kMany; i++) {
    EXPECT_EQ(table.With(i * 16, false, [i](Counter* c) { EXPECT_EQ(c->count, i); }), i % 2 == 0);
  }
}

TEST(AddressTable, CountsWhatThreadsDoAtOnce) {
  static AddressTable<Counter> table;
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; t++) {
    threads.emplace_back([] {
      for (uptr i = 0; i < 100000; i++) table.With(i % 7 * 8, true, [](Counter* c) { c->count++; });
    });
  }
  for (auto& thread : threads) thread.join();
  u64 sum = 0;
  for (uptr i = 0; i < 7; i++) table.With(i * 8, false, [&](Counter* c) { sum += c->count; });
  EXPECT_EQ(sum, 400000u);
}

}  // namespace
}  // namespace csan
