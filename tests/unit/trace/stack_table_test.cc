#include "trace/stack_table.h"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <map>
#include <random>
#include <thread>
#include <utility>
#include <vector>

namespace csan {
namespace {

using Path = std::vector<u64>;  // from the root

void InitOnce() {
  static const bool done = (InitStackTable(), true);
  static_cast<void>(done);
}

Path PathOf(StackId id) {
  Path path;
  for (; id != 0; id = NodeAt(id).parent) path.insert(path.begin(), NodeAt(id).pc_note);
  return path;
}

TEST(StackTable, ASiteKeepsAllItIsMadeOf) {
  std::mt19937_64 random(1);
  for (int i = 0; i < 10000; i++) {
    const uptr pc = random() >> 16;
    const u32 note = random() & 0xFF;
    const u32 size_log = random() & 0xF;
    const uptr offset = random() & 3;
    const u64 site = PackSite(pc, note, size_log, offset);
    ASSERT_EQ(site & 0xFFFFFFFFFFFF, pc);
    ASSERT_EQ(site >> 48 & 0xFF, note);
    ASSERT_EQ(site >> 56 & 0xF, size_log);
    ASSERT_EQ(site >> 60 & 3, offset);
  }
}

TEST(StackTable, EqualPathsShareTheirNodesAndOthersDoNot) {
  InitOnce();
  std::mt19937 random(2);
  std::map<Path, StackId> model;
  for (int i = 0; i < 50000; i++) {
    Path path;
    StackId id = 0;
    while (random() % 8 != 0 && path.size() < 40) {
      path.push_back(PackSite(0x5555'0000'0000 + random() % 6, random() % 3, random() % 2));
      id = Child(id, path.back());
      ASSERT_NE(id, 0u);
      const auto [known, fresh] = model.emplace(path, id);
      ASSERT_EQ(known->second, id);
    }
  }
  std::map<StackId, Path> back;
  for (const auto& [path, id] : model) {
    ASSERT_TRUE(back.emplace(id, path).second) << "two paths have one id";
    ASSERT_EQ(PathOf(id), path);
  }
}

// Two may insert a path at once and then both ids mean it; whatever comes back means the path asked for.
TEST(StackTable, InsertingAtOnceGivesThePathsAskedFor) {
  InitOnce();
  constexpr int kThreads = 3;
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; t++) {
    threads.emplace_back([] {
      std::mt19937 random(3);  // the same for all: they insert the same paths
      for (int i = 0; i < 20000; i++) {
        Path path;
        StackId id = 0;
        for (u32 depth = random() % 10; depth-- > 0;) {
          path.push_back(PackSite(0x5666'0000'0000 + random() % 50, kNoteWrite, 2));
          id = Child(id, path.back());
        }
        ASSERT_EQ(PathOf(id), path);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
}

// In a child, for it fills the table.
TEST(StackTable, AFullTableKeepsWhatItHasAndCountsTheRest) {
  InitOnce();
  const u64 before = StacksNotKept();
  const pid_t child = fork();
  if (child == 0) {
    const StackId first = Child(0, PackSite(0x1000, kNoteNone, 0));
    StackId last = first;
    u64 i = 0;
    for (; last != 0 && i <= 1u << kStackIdBits; i++) last = Child(0, PackSite(0x2000 + i, 0, 0));
    const bool refused = last == 0 && i > 1u << (kStackIdBits - 1);
    const bool kept = Child(0, PackSite(0x1000, kNoteNone, 0)) == first && first != 0;
    const bool again = Child(first, PackSite(0x1000, kNoteNone, 0)) == 0;
    _exit(refused && kept && again && StacksNotKept() == before + 2 ? 0 : 1);
  }
  int status = -1;
  waitpid(child, &status, 0);
  EXPECT_EQ(status, 0);
}

}  // namespace
}  // namespace csan
