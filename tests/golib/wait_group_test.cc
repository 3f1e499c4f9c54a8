#include <csan/go.h>
#include <gtest/gtest.h>

#include <memory>
#include <thread>
#include <vector>

#include "wait.h"

namespace {

using namespace std::chrono_literals;

TEST(WaitGroup, WaitsForAll) {
  csan::WaitGroup group;
  std::vector<int> squares(100);
  for (int i = 0; i < 100; i++) group.Go([&squares, i] { squares[i] = i * i; });
  group.Wait();
  for (int i = 0; i < 100; i++) EXPECT_EQ(squares[i], i * i);
}

TEST(WaitGroup, OfNothingDoesNotWait) {
  csan::WaitGroup group;
  group.Wait();
  group.Add(2);
  group.Done();
  group.Add(-1);
  group.Wait();
}

TEST(WaitGroup, LetsAllWhoWaitGoOn) {
  csan::WaitGroup work, waiting;
  work.Add(1);
  int result = 0;
  for (int i = 0; i < 5; i++) {
    waiting.Go([&] {
      work.Wait();
      EXPECT_EQ(result, 7);
    });
  }
  std::thread thread([&] {
    work.Wait();
    EXPECT_EQ(result, 7);
  });
  csan::Sleep(5ms);
  result = 7;
  work.Done();
  waiting.Wait();
  thread.join();
}

TEST(WaitGroup, MayBeGoneWhenTheWaitReturns) {
  for (int i = 0; i < (kSlow ? 200 : 5000); i++) {
    auto group = std::make_unique<csan::WaitGroup>();
    group->Add(2);
    csan::go([&group = *group] { group.Done(); });
    csan::go([&group = *group] { group.Done(); });
    group->Wait();
    group.reset();
  }
}

TEST(WaitGroup, WhatWasCapturedIsGoneWhenItIsDone) {
  const auto held = std::make_shared<int>(1);
  csan::WaitGroup group;
  group.Go([held] { csan::Yield(); });
  group.Wait();
  EXPECT_EQ(held.use_count(), 1);
}

TEST(WaitGroup, IsUsedAgain) {
  csan::WaitGroup group;
  int sum = 0;
  for (int i = 0; i < 100; i++) {
    group.Go([&] { sum++; });
    group.Wait();
    EXPECT_EQ(sum, i + 1);
  }
}

#ifndef __SANITIZE_CONCURRENCY__  // to which it is a finding
TEST(WaitGroup, BelowZeroPanics) {
  csan::WaitGroup group;
  EXPECT_THROW(group.Done(), csan::Panic);
  group.Add(1);
  EXPECT_THROW(group.Add(-2), csan::Panic);
  group.Done();
  group.Wait();
}
#endif

}  // namespace
