// What the kernel says of a thread, against what the test knows of it.
#include <gtest/gtest.h>
#include <linux/futex.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>
#include <thread>

#include "platform/platform.h"

namespace csan {
namespace {

// A thread that waits at `word` until its value, which counts the rounds, is another.
class Sleeper {
 public:
  explicit Sleeper(u32 rounds) : thread_([this, rounds] { Sleep(rounds); }) {}
  ~Sleeper() { thread_.join(); }
  Sleeper(const Sleeper&) = delete;
  Sleeper& operator=(const Sleeper&) = delete;

  Task Look() const {
    Task task;
    EXPECT_TRUE(ReadTask(tid_, &task));
    return task;
  }
  void AwaitStuck(u32 round) const {
    while (entered_ != round + 1 || !Look().stuck) std::this_thread::yield();
  }
  void Wake() {
    word_.fetch_add(1);
    syscall(SYS_futex, &word_, FUTEX_WAKE_PRIVATE, 1, nullptr);
  }
  // Whether it may have come out of the round's wait.
  bool IsOut(u32 round) const { return entered_ != round + 1; }
  uptr word() const { return reinterpret_cast<uptr>(&word_); }

 private:
  void Sleep(u32 rounds) {
    tid_ = GetTid();
    for (u32 round = 0; round < rounds; round++) {
      entered_ = round + 1;
      while (word_ == round) syscall(SYS_futex, &word_, FUTEX_WAIT_PRIVATE, round, nullptr);
    }
    entered_ = rounds + 1;
  }

  std::atomic<u32> word_ = 0;
  std::atomic<u32> entered_ = 0;
  std::atomic<u64> tid_ = 0;
  std::thread thread_;  // after what it uses
};

TEST(TasksTest, AThreadInAFutexWaitIsStuckAtItsWord) {
  Sleeper sleeper(1);
  sleeper.AwaitStuck(0);
  const Task task = sleeper.Look();
  EXPECT_TRUE(task.asleep);
  EXPECT_EQ(task.futex, sleeper.word());
  sleeper.Wake();
}

// A correct program destroys a condition that it has notified: who waited at it must not be taken for one who
// still waits, though the kernel has not let him run yet.
TEST(TasksTest, AThreadThatHasBeenWokenIsNotStuck) {
  constexpr u32 kRounds = 20'000;
  u32 wrong = 0;
  Sleeper sleeper(kRounds + 1);  // is there at each look
  for (u32 round = 0; round < kRounds; round++) {
    sleeper.AwaitStuck(round);
    sleeper.Wake();
    const bool stuck = sleeper.Look().stuck;
    wrong += stuck && !sleeper.IsOut(round);
  }
  sleeper.Wake();
  EXPECT_EQ(wrong, 0u);
}

}  // namespace
}  // namespace csan
