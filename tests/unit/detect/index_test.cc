#include "detect/lock_order/index.h"

#include <gtest/gtest.h>

#include <random>
#include <unordered_map>
#include <vector>

namespace csan::lock_order {
namespace {

// What the records hold.
std::vector<unsigned> keys;

struct Key {
  static u32 Hash(u32 id) { return HashOf(keys[id], 7); }
};

u32 Find(const Index<Key, 1 << 16>& index, unsigned key) {
  return index.Find(HashOf(key, 7), [&](u32 id) { return keys[id] == key; });
}

TEST(IndexTest, IsEmptyBeforeItHasMemory) {
  keys = {0, 5};
  Index<Key, 1 << 16> index;
  EXPECT_EQ(Find(index, 5), 0u);
}

// Against a map of the standard library, through several doublings.
TEST(IndexTest, FindsWhatIsThere) {
  constexpr unsigned kKeys = 20'000;
  std::mt19937 random(11);
  keys.assign(1, kKeys);
  Index<Key, 1 << 16> index;
  std::unordered_map<unsigned, u32> there;
  for (int step = 0; step < 150'000; step++) {
    const unsigned key = random() % kKeys;
    const auto at = there.find(key);
    EXPECT_EQ(Find(index, key), at == there.end() ? 0u : at->second);
    const bool add = at == there.end() && keys.size() < 1 << 16;
    if (add || (at != there.end() && random() % 8 == 0 && keys.size() < 1 << 16)) {
      const u32 id = static_cast<u32>(keys.size());
      keys.push_back(key);
      add ? index.Insert(id) : index.Replace(at->second, id);
      there[key] = id;
    } else if (at != there.end() && random() % 2 == 0) {
      index.Remove(at->second);
      there.erase(at);
    }
  }
  for (unsigned key = 0; key < kKeys; key++) {
    const auto at = there.find(key);
    EXPECT_EQ(Find(index, key), at == there.end() ? 0u : at->second);
  }
  index.Clear();
  for (unsigned key = 0; key < kKeys; key++) EXPECT_EQ(Find(index, key), 0u);
}

}  // namespace
}  // namespace csan::lock_order
