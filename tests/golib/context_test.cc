#include <csan/go.h>
#include <gtest/gtest.h>

#include <atomic>
#include <memory>
#include <string>
#include <vector>

#include "wait.h"

namespace {

using csan::Context;
using csan::ContextError;
using namespace std::chrono_literals;

TEST(Context, TheBackgroundIsNeverDone) {
  const Context background = csan::Background();
  EXPECT_FALSE(background.Done());
  EXPECT_EQ(background.Err(), ContextError::kNone);
  EXPECT_FALSE(background.Deadline().has_value());
}

TEST(Context, IsDoneWhenCancelled) {
  auto [context, cancel] = csan::WithCancel(csan::Background());
  EXPECT_FALSE(context.Done().TryReceive().has_value());
  EXPECT_EQ(context.Err(), ContextError::kNone);
  int result = 0;
  csan::go([&result, cancel = cancel] {
    result = 5;
    cancel();
    cancel();
  });
  EXPECT_FALSE(context.Done().ReceiveOk().ok);
  EXPECT_EQ(result, 5);
  EXPECT_EQ(context.Err(), ContextError::kCanceled);
  EXPECT_STREQ(csan::ToString(context.Err()), "context canceled");
}

TEST(Context, IsDoneWithItsParentButNotWithItsChild) {
  auto [root, cancel_root] = csan::WithCancel({});
  auto [child, cancel_child] = csan::WithCancel(root);
  auto [grandchild, cancel_grandchild] = csan::WithCancel(child);
  cancel_grandchild();
  EXPECT_EQ(child.Err(), ContextError::kNone);
  cancel_root();
  EXPECT_EQ(child.Err(), ContextError::kCanceled);
  EXPECT_FALSE(child.Done().ReceiveOk().ok);
  auto [late, cancel_late] = csan::WithCancel(child);
  EXPECT_EQ(late.Err(), ContextError::kCanceled);
}

TEST(Context, HasADeadline) {
  const auto begin = std::chrono::steady_clock::now();
  auto [context, cancel] = csan::WithTimeout({}, 10ms);
  auto [child, cancel_child] = csan::WithTimeout(context, 10h);
  EXPECT_EQ(child.Deadline(), context.Deadline());
  EXPECT_FALSE(child.Done().ReceiveOk().ok);
  EXPECT_GE(std::chrono::steady_clock::now() - begin, 10ms);
  EXPECT_EQ(child.Err(), ContextError::kDeadlineExceeded);
  EXPECT_STREQ(csan::ToString(context.Err()), "context deadline exceeded");
  EXPECT_EQ(csan::WithTimeout({}, -1ms).context.Err(), ContextError::kDeadlineExceeded);
  EXPECT_EQ(csan::WithTimeout({}, std::chrono::nanoseconds::max()).context.Err(),
            ContextError::kNone);
}

const csan::ContextKey<std::string> kName;
const csan::ContextKey<int> kNumber, kOther;

TEST(Context, CarriesValues) {
  auto [root, cancel] = csan::WithCancel({});
  const Context named = csan::WithValue(root, kName, "gopher");
  const Context both = csan::WithValue(named, kNumber, 3);
  const Context renamed = csan::WithValue(both, kName, "other");
  EXPECT_EQ(*both.Value(kName), "gopher");
  EXPECT_EQ(*renamed.Value(kName), "other");
  EXPECT_EQ(*renamed.Value(kNumber), 3);
  EXPECT_EQ(renamed.Value(kOther), nullptr);
  EXPECT_EQ(Context().Value(kOther), nullptr);
  cancel();
  EXPECT_EQ(renamed.Err(), ContextError::kCanceled);
  EXPECT_FALSE(renamed.Done().ReceiveOk().ok);
}

TEST(Context, LetsGoOfItsValuesInTheEnd) {
  const auto held = std::make_shared<int>(1);
  static const csan::ContextKey<std::shared_ptr<int>> key;
  const auto ended = csan::MakeChan<csan::Unit>(4);
  {
    const Context context = csan::WithValue({}, key, held);
    for (int i = 0; i < 4; i++) {
      csan::go([=] {
        EXPECT_EQ(**context.Value(key), 1);
        ended.Send({});
      });
    }
  }
  for (int i = 0; i < 4; i++) ended.Receive();
  WaitUntil([&] { return held.use_count() == 1; });
}

// Trees are built, cancelled, expire and end from many sides.
TEST(Context, Trees) {
  for (int round = 0; round < (kSlow ? 20 : 300); round++) {
    auto [root, cancel] = csan::WithTimeout({}, std::chrono::microseconds(100 + 10 * round));
    csan::WaitGroup group;
    for (int i = 0; i < 8; i++) {
      group.Go([root = root, i] {
        std::vector<csan::CancellableContext> own;
        for (int j = 0; j < 10; j++) {
          const Context& parent = own.empty() ? root : own.back().context;
          own.push_back(csan::WithTimeout(parent, std::chrono::microseconds(50 * i + 20 * j)));
          if (j % 3 == 0) csan::Yield();
        }
        if (i % 2 == 0) own[5].cancel();
        if (i % 4 == 1) own.erase(own.begin(), own.begin() + 5);
        own.back().context.Done().Receive();
        EXPECT_NE(own.back().context.Err(), ContextError::kNone);
      });
    }
    if (round % 2 == 0) cancel();
    group.Wait();
  }
}

}  // namespace
