#include <csan/go.h>
#include <gtest/gtest.h>

#include <atomic>
#include <stdexcept>
#include <string>

namespace {

using namespace std::chrono_literals;

TEST(Singleflight, MakesOneCallForAll) {
  csan::Singleflight<std::string, std::string> flight;
  csan::WaitGroup group;
  std::atomic<int> made{0}, shared{0}, asked{0};
  for (int i = 0; i < 10; i++) {
    group.Go([&] {
      asked++;
      const auto result = flight.Do("key", [&] {
        made++;
        // Until all have asked, and then some.
        while (asked != 10) csan::Yield();
        csan::Sleep(5ms);
        return std::string("a value that is long enough to be elsewhere");
      });
      EXPECT_EQ(result.value, "a value that is long enough to be elsewhere");
      shared += result.shared;
    });
  }
  group.Wait();
  EXPECT_EQ(made, 1);
  EXPECT_EQ(shared, 10);
  EXPECT_FALSE(flight.Do("key", [] { return "again"; }).shared);
}

TEST(Singleflight, SharesExceptions) {
  csan::Singleflight<int, int> flight;
  csan::WaitGroup group;
  std::atomic<int> thrown{0};
  for (int i = 0; i < 5; i++) {
    group.Go([&] {
      try {
        flight.Do(1, []() -> int {
          csan::Sleep(2ms);
          throw std::runtime_error("no");
        });
      } catch (const std::runtime_error&) {
        thrown++;
      }
    });
  }
  group.Wait();
  EXPECT_EQ(thrown, 5);
}

TEST(Singleflight, ForgottenCallsAreNotShared) {
  csan::Singleflight<int, int> flight;
  const auto begun = csan::MakeChan<csan::Unit>(), end = csan::MakeChan<csan::Unit>();
  csan::WaitGroup group;
  group.Go([&] {
    flight.Do(1, [&] {
      begun.Close();
      end.Receive();
      return 1;
    });
  });
  begun.Receive();
  flight.Forget(1);
  EXPECT_EQ(flight.Do(1, [] { return 2; }).value, 2);
  end.Close();
  group.Wait();
}

}  // namespace
