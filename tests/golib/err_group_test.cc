#include <csan/go.h>
#include <gtest/gtest.h>

#include <atomic>
#include <stdexcept>
#include <string>

namespace {

using namespace std::chrono_literals;

TEST(ErrGroup, WaitsForAll) {
  csan::ErrGroup group;
  int results[20] = {};
  for (int i = 0; i < 20; i++) group.Go([&results, i] { results[i] = i; });
  group.Wait();
  for (int i = 0; i < 20; i++) EXPECT_EQ(results[i], i);
  EXPECT_EQ(group.context().Err(), csan::ContextError::kCanceled);
}

TEST(ErrGroup, TheFirstErrorEndsTheOthers) {
  csan::ErrGroup group;
  for (int i = 0; i < 5; i++) {
    group.Go([context = group.context()] {
      context.Done().Receive();
      throw std::runtime_error("a later one");
    });
  }
  group.Go([] { throw std::runtime_error("the first"); });
  try {
    group.Wait();
    FAIL();
  } catch (const std::runtime_error& error) {
    EXPECT_STREQ(error.what(), "the first");
  }
}

TEST(ErrGroup, IsDoneWithItsParent) {
  auto [context, cancel] = csan::WithCancel({});
  csan::ErrGroup group(context);
  group.Go([inner = group.context()] { inner.Done().Receive(); });
  cancel();
  group.Wait();
}

TEST(ErrGroup, KeepsItsLimit) {
  csan::ErrGroup group;
  group.SetLimit(2);
  std::atomic<int> now{0};
  for (int i = 0; i < 50; i++) {
    group.Go([&] {
      EXPECT_LE(++now, 2);
      csan::Yield();
      now--;
    });
  }
  group.Wait();
  const auto block = csan::MakeChan<csan::Unit>();
  for (int i = 0; i < 2; i++) group.Go([block] { block.Receive(); });
  EXPECT_FALSE(group.TryGo([] {}));
  block.Close();
  group.Wait();
}

}  // namespace
