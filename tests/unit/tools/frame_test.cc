#include "frame.h"

#include <gtest/gtest.h>

#include <thread>
#include <vector>

namespace csan::common {
namespace {

Frame At(uint64_t line) {
  Frame frame;
  frame.function = "Work()";
  frame.file = "work.cpp";
  frame.line = line;
  return frame;
}

TEST(Frames, EqualOnesAreKeptOnce) {
  const Frames a = {At(1), At(2)};
  Frames b;
  for (const uint64_t line : {2, 1}) b.push_back(At(line));
  EXPECT_EQ(&a[0], &b[1]);
  EXPECT_EQ(&a[1], &b[0]);
}

TEST(Frames, EachFieldTellsThemApart) {
  std::vector<Frame> different(8, At(1));
  different[1].function = "Other()";
  different[2].file = "other.cpp";
  different[3].line = 2;
  different[4].column = 1;
  different[5].module = "program";
  different[6].offset = 1;
  different[7].coroutine = "resumed";
  Frames frames;
  for (const Frame& frame : different) frames.push_back(frame);
  for (size_t i = 0; i < different.size(); i++) {
    EXPECT_TRUE(frames[i] == different[i]) << i;
    for (size_t j = 0; j < i; j++) EXPECT_NE(&frames[i], &frames[j]) << i << " " << j;
  }
}

TEST(Frames, AreReadInBothDirections) {
  const Frames frames = {At(1), At(2), At(3)};
  std::vector<uint64_t> lines;
  for (const Frame& frame : frames) lines.push_back(frame.line);
  for (auto at = frames.rbegin(); at != frames.rend(); ++at) lines.push_back(at->line);
  EXPECT_EQ(lines, (std::vector<uint64_t>{1, 2, 3, 3, 2, 1}));
}

TEST(Frames, ThreadsKeepTheSame) {
  constexpr uint64_t kFrames = 10'000;
  Frames lists[2];
  std::vector<std::thread> threads;
  for (Frames& list : lists) {
    threads.emplace_back([&list] {
      for (uint64_t line = 100; line < 100 + kFrames; line++) list.push_back(At(line));
    });
  }
  for (std::thread& thread : threads) thread.join();
  for (uint64_t i = 0; i < kFrames; i++) ASSERT_EQ(&lists[0][i], &lists[1][i]);
}

}  // namespace
}  // namespace csan::common
