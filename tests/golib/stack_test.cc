#include "golib/stack.h"

#include <gtest/gtest.h>

#include <cstring>
#include <fstream>
#include <set>
#include <string>
#include <vector>

namespace {

using csan::internal::Stack;

std::size_t ResidentBytes() {
  std::ifstream file("/proc/self/statm");
  std::size_t pages = 0;
  file >> pages >> pages;
  return pages * 4096;
}

std::size_t Mappings() {
  std::ifstream file("/proc/self/maps");
  std::size_t count = 0;
  for (std::string line; std::getline(file, line);) count++;
  return count;
}

TEST(Stack, AreDistinctAndTouchedInFull) {
  std::vector<Stack> stacks;
  std::set<char*> tops;
  for (int i = 0; i < 200; i++) {
    stacks.push_back(Stack::Take());
    const std::size_t usable = Stack::Size() - 3 * 4096;
    std::memset(stacks.back().top() - usable, i, usable);
    EXPECT_TRUE(tops.insert(stacks.back().top()).second);
  }
  for (std::size_t i = 0; i < stacks.size(); i++) {
    EXPECT_EQ(stacks[i].top()[-1], static_cast<char>(i));
    EXPECT_TRUE(stacks[i].Intact());
    stacks[i].Give();
  }
}

TEST(Stack, ManyStayWithinTheMapLimitAndGiveBackWhatTheyTouched) {
  constexpr std::size_t kMany = 70'000;
  const std::size_t resident = ResidentBytes();
  std::vector<Stack> stacks;
  for (std::size_t i = 0; i < kMany; i++) {
    stacks.push_back(Stack::Take());
    std::memset(stacks.back().top() - 5000, 1, 5000);
  }
  EXPECT_GT(ResidentBytes() - resident, kMany * 5000);
  EXPECT_LT(Mappings(), 40'000u);
  for (const Stack stack : stacks) stack.Give();
  // A page of each stays where canaries are needed.
  EXPECT_LT(ResidentBytes() - resident, kMany * 4200 + (16 << 20));
}

}  // namespace
