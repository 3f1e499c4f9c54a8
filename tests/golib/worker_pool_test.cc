#include <csan/go.h>
#include <gtest/gtest.h>

#include <atomic>
#include <vector>

namespace {

TEST(WorkerPool, DoesAllThatIsSubmitted) {
  std::vector<int> results(200);
  csan::WorkerPool pool(4, 10);
  for (int i = 0; i < 200; i++) pool.Submit([&results](int n) { results[n] = n + 1; }, i);
  pool.Close();
  pool.Close();
  for (int i = 0; i < 200; i++) EXPECT_EQ(results[i], i + 1);
}

TEST(WorkerPool, RunsSoManyAtOnce) {
  std::atomic<int> now{0};
  csan::WorkerPool pool(3);
  for (int i = 0; i < 50; i++) {
    pool.Submit([&] {
      EXPECT_LE(++now, 3);
      csan::Yield();
      now--;
    });
  }
}

TEST(WorkerPool, TriesOnlyIfThereIsRoom) {
  const auto block = csan::MakeChan<csan::Unit>();
  csan::WorkerPool pool(1, 1);
  pool.Submit([block] { block.Receive(); });
  pool.Submit([] {});
  while (pool.TrySubmit([] {})) {
  }
  block.Close();
}

}  // namespace
