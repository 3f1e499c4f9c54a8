#include "detect/lock_order/held_set.h"

#include <gtest/gtest.h>

#include <map>
#include <random>
#include <vector>

namespace csan::lock_order {
namespace {

using Model = std::vector<std::pair<LockId, LockMode>>;

LockMode RandomMode(std::mt19937& random) {
  return random() % 3 == 0 ? LockMode::kRead : LockMode::kWrite;
}

HeldSetId Intern(const Model& model) {
  HeldSetId set = 0;
  for (const auto& [lock, mode] : model) set = WithLock(set, lock, mode);
  return set;
}

Model RandomModel(std::mt19937& random, u32 size, u32 locks) {
  Model model;
  for (u32 i = 0; i < size; i++) model.emplace_back(1 + random() % locks, RandomMode(random));
  return model;
}

bool ModelKeepsOut(const Model& model, LockId lock, LockMode mode) {
  for (const auto& [held, as] : model) {
    if (held == lock && !(as == LockMode::kRead && mode == LockMode::kRead)) return true;
  }
  return false;
}

TEST(HeldSet, IsOneNumberForOnePathAndAnotherForAnother) {
  std::mt19937 random(1);
  std::map<Model, HeldSetId> seen;
  std::map<HeldSetId, Model> back;
  for (int i = 0; i < 20000; i++) {
    const Model model = RandomModel(random, random() % 5, 6);
    const HeldSetId set = Intern(model);
    EXPECT_EQ(seen.emplace(model, set).first->second, set);
    EXPECT_EQ(back.emplace(set, model).first->second, model);
    if (set != 0) {
      EXPECT_EQ(SetAt(set).size, model.size());
    }
  }
  EXPECT_GT(seen.size(), 1000u);
}

TEST(HeldSet, AnswersAsASearchOfTheListsDoes) {
  std::mt19937 random(2);
  int shut = 0;
  for (int i = 0; i < 20000; i++) {
    const u32 locks = 2 + random() % 200;
    const Model a = RandomModel(random, random() % 9, locks);
    const Model b = RandomModel(random, random() % 9, locks);
    const LockId lock = 1 + static_cast<LockId>(random() % locks);
    const LockMode mode = RandomMode(random);
    EXPECT_EQ(KeepsOut(Intern(a), lock, mode), ModelKeepsOut(a, lock, mode));
    bool expected = false;
    for (const auto& [held, as] : a) expected = expected || ModelKeepsOut(b, held, as);
    EXPECT_EQ(ShutEachOtherOut(Intern(a), Intern(b)), expected);
    shut += expected;
  }
  EXPECT_GT(shut, 1000);
  EXPECT_LT(shut, 19000);
}

TEST(HeldSet, AThousandLocksAtOnce) {
  HeldSetId set = 0;
  for (LockId lock = 1; lock <= 1000; lock++) {
    set = WithLock(set, lock, LockMode::kWrite);
    ASSERT_NE(set, 0u);
  }
  EXPECT_EQ(SetAt(set).size, 1000u);
  EXPECT_TRUE(KeepsOut(set, 1, LockMode::kRead));
  EXPECT_TRUE(KeepsOut(set, 1000, LockMode::kRead));
  EXPECT_FALSE(KeepsOut(set, 1001, LockMode::kWrite));
}

}  // namespace
}  // namespace csan::lock_order
