#include <csan/go.h>
#include <gtest/gtest.h>

#include <stdexcept>
#include <thread>

namespace {

TEST(Once, RunsOnceAndAllSeeIt) {
  for (int round = 0; round < 50; round++) {
    csan::Once once;
    int value = 0;
    csan::WaitGroup group;
    const auto use = [&] {
      once.Do([&] {
        csan::Yield();
        value++;
      });
      EXPECT_EQ(value, 1);
    };
    for (int i = 0; i < 8; i++) group.Go(use);
    use();
    group.Wait();
  }
}

TEST(Once, HasRunEvenIfItThrew) {
  csan::Once once;
  EXPECT_THROW(once.Do([] { throw std::runtime_error("no"); }), std::runtime_error);
  once.Do([] { FAIL(); });
}

TEST(Once, WithinItselfPanics) {
  csan::Once once;
  EXPECT_THROW(once.Do([&] { once.Do([] {}); }), csan::Panic);
}

}  // namespace
