// Layouts as kernels make them; the recorded ones are /proc/self/maps with neighbours merged.
#include "platform/linux/address_map.h"

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>
#include <random>
#include <vector>

#include "memory/region.h"
#include "platform/platform.h"
#include "shadow/shadow.h"

namespace csan {
namespace {

using Maps = std::vector<Window>;
constexpr Window kVsyscall = {0xffffffffff600000, 0xffffffffff601000};

MapChoice Choose(const Maps& maps, bool unlimited = false, bool off = false) {
  return ChooseMap({maps.data(), static_cast<u32>(maps.size()), maps[0].lo, unlimited, off});
}

// mmap_rnd_bits 28: Debian 12.
const Maps kRandom28 = {{0x55dc3f5a1000, 0x55dc3f5ac000}, {0x55dc40f6e000, 0x55dc40f8f000},
                        {0x7f3b5c200000, 0x7f3b5c4f0000}, {0x7f3b5c6b1000, 0x7f3b5c8e4000},
                        {0x7ffc6b5d5000, 0x7ffc6b5f6000}, kVsyscall};
// mmap_rnd_bits 32: Ubuntu 24.04. The image and the libraries lie where they like.
const Maps kRandom32 = {{0x5d4f1e2a4000, 0x5d4f1e2af000}, {0x5d4f2a4c1000, 0x5d4f2a4e2000},
                        {0x71a33be00000, 0x71a33c0f3000}, {0x71a33c1f0000, 0x71a33c22d000},
                        {0x7ffd1c7a6000, 0x7ffd1c7c7000}, kVsyscall};
// The same kernel, by luck within the windows.
const Maps kRandom32Lucky = {{0x57f0a3c51000, 0x57f0a3c5c000},
                             {0x7c91f2200000, 0x7c91f24f3000},
                             {0x7ffe9a1c4000, 0x7ffe9a1e5000},
                             kVsyscall};
const Maps kNotRandom = {{0x555555554000, 0x55555555f000},
                         {0x55555555f000, 0x555555580000},
                         {0x7ffff7c00000, 0x7ffff7fff000},
                         {0x7ffffffde000, 0x7ffffffff000},
                         kVsyscall};
// ulimit -s unlimited: libraries are mapped from the bottom up.
const Maps kBottomUp = {{0x55dc3f5a1000, 0x55dc3f5ac000},
                        {0x2aaaaaaab000, 0x2aaaaaced000},
                        {0x7ffc6b5d5000, 0x7ffc6b5f6000},
                        kVsyscall};
// mmap_rnd_bits 30 with our heap: image and libraries are inside the windows, the heap is not.
const Maps kRandom30 = {{0x580d5534b000, 0x580d55426000},
                        {0x7811b9200000, 0x7c21b9a00000},
                        {0x7c21b9a80000, 0x7c6fdca08000},
                        {0x7ffc5d91a000, 0x7ffc5d93f000},
                        kVsyscall};
const Maps kNotPie = {{0x400000, 0x4f2000},
                      {0x1c3f000, 0x1c60000},
                      {0x7f3b5c200000, 0x7f3b5c4f0000},
                      {0x7ffc6b5d5000, 0x7ffc6b5f6000},
                      kVsyscall};

TEST(AddressMap, RecordedLayouts) {
  EXPECT_EQ(Choose(kRandom28), MapChoice::kFits);
  EXPECT_EQ(Choose(kRandom30), MapChoice::kRestartWithoutRandomisation);
  EXPECT_EQ(Choose(kRandom32), MapChoice::kRestartWithoutRandomisation);
  EXPECT_EQ(Choose(kRandom32Lucky), MapChoice::kFits);
  EXPECT_EQ(Choose(kNotRandom, false, true), MapChoice::kFits);
  EXPECT_EQ(Choose(kBottomUp, true), MapChoice::kRestartWithStackLimit);
  EXPECT_EQ(Choose(kNotPie), MapChoice::kNotPie);
}

TEST(AddressMap, NothingIsTriedTwice) {
  EXPECT_EQ(Choose(kRandom32, false, true), MapChoice::kNoFit);
  EXPECT_EQ(Choose(kBottomUp, false, true), MapChoice::kNoFit);
}

// What the kernel makes of `bits`: the image above two thirds of the address space, the rest below the
// stack, each moved by up to 2^bits pages. Our heap comes next below the libraries.
Maps Layout(std::mt19937_64& random, u32 bits) {
  const auto shift = [&] { return (random() & ((1ull << bits) - 1)) << 12; };
  const uptr image = 0x555555554000 + shift();
  const uptr heap = image + 0x200000 + ((random() & 0x1fff) << 12);
  const uptr stack = 0x7ffffffff000 - ((random() & 0x3fffff) << 12);
  const uptr top = 0x7ffffffff000 - (8ul << 20) - 0x40000000 - shift();
  return {{image, image + 0x100000}, {heap, heap + 0x21000},
          {top - 0x800000, top},     {top - 0x800000 - kHeapReserved, top - 0x800000},
          {stack - 0x21000, stack},  kVsyscall};
}

TEST(AddressMap, With28BitsAllFits) {
  std::mt19937_64 random(6);
  for (int i = 0; i < 20000; i++) ASSERT_EQ(Choose(Layout(random, 28)), MapChoice::kFits);
}

TEST(AddressMap, WithMoreBitsWhatFitsIsInsideTheWindows) {
  std::mt19937_64 random(7);
  for (u32 bits = 29; bits <= 32; bits++) {
    int fits = 0;
    for (int i = 0; i < 20000; i++) {
      const Maps maps = Layout(random, bits);
      bool inside = true;
      for (const Window& m : maps) {
        inside = inside && (m.lo == kVsyscall.lo || (HasShadow(m.lo) && HasShadow(m.hi - 1)));
      }
      EXPECT_EQ(Choose(maps), inside ? MapChoice::kFits : MapChoice::kRestartWithoutRandomisation);
      fits += inside ? 1 : 0;
    }
    EXPECT_GT(fits, 0);
    EXPECT_LT(fits, 20000);
  }
}

TEST(AddressMap, ALimitOfAddressSpaceIsAFailureToMapAndNoCrash) {
  const pid_t child = fork();
  if (child == 0) {
    uptr pages = 0;
    std::ifstream("/proc/self/statm") >> pages;
    const uptr bytes = pages * 4096 + (4ul << 30);
    const rlimit limit = {bytes, bytes};
    setrlimit(RLIMIT_AS, &limit);
    const bool large = TryMapFixed(0x100000000000, 1ul << 40) || TryMap(1ul << 40) != nullptr;
    _exit(!large && TryMap(1 << 20) != nullptr ? 0 : 1);
  }
  int status = -1;
  waitpid(child, &status, 0);
  EXPECT_EQ(status, 0);
}

TEST(AddressMap, FixedMappingsReplaceNothing) {
  void* taken = TryMap(4096);
  ASSERT_NE(taken, nullptr);
  *static_cast<char*>(taken) = 42;
  EXPECT_FALSE(TryMapFixed(reinterpret_cast<uptr>(taken), 4096));
  EXPECT_EQ(*static_cast<char*>(taken), 42);
  UnmapMemory(taken, 4096);
  EXPECT_TRUE(TryMapFixed(reinterpret_cast<uptr>(taken), 4096));
}

bool IsOwn(const void* at) { return kOwnWindow.Holds(reinterpret_cast<uptr>(at)); }

// A program maps again, at the same address, what it has unmapped.
TEST(AddressMap, OwnMemoryFillsNoHoleOfTheProgram) {
  constexpr uptr kSize = 1 << 18;
  void* const hole = TryMapForProgram(kSize);
  ASSERT_NE(hole, nullptr);
  EXPECT_FALSE(IsOwn(hole));
  UnmapForProgram(hole, kSize);
  std::vector<void*> own;
  for (int i = 0; i < 100; i++) own.push_back(TryMap(kSize / 4));
  for (void* at : own) {
    EXPECT_TRUE(IsOwn(at));
    UnmapMemory(at, kSize / 4);
  }
}

TEST(AddressMap, OwnMemoryGoesRoundWhatIsThere) {
  constexpr uptr kSize = 1 << 16;
  void* const own = TryMap(kSize);
  const uptr behind = reinterpret_cast<uptr>(own) + kSize;
  ASSERT_TRUE(TryMapFixed(behind, kSize));
  auto* const next = static_cast<char*>(TryMap(kSize));
  ASSERT_NE(next, nullptr);
  next[0] = next[kSize - 1] = 1;
  EXPECT_NE(reinterpret_cast<uptr>(next), behind);
  UnmapMemory(next, kSize);
  UnmapMemory(reinterpret_cast<void*>(behind), kSize);
  UnmapMemory(own, kSize);
}

TEST(AddressMap, OwnMemoryThatComesAndGoesNeedsOnePlace) {
  void* const first = TryMap(1 << 16);
  UnmapMemory(first, 1 << 16);
  for (int i = 0; i < 100; i++) {
    void* const again = TryMap(1 << 16);
    EXPECT_EQ(again, first);
    UnmapMemory(again, 1 << 16);
  }
}

TEST(AddressMap, OwnMemoryThatComesBackInAnyOrderIsUsedAgain) {
  constexpr uptr kSizes[] = {1 << 20, 4096, 3 << 16, 5000};
  uptr highest = 0;
  for (int i = 0; i < 5000; i++) {
    void* at[4];
    for (int k = 0; k < 4; k++) at[k] = TryMap(kSizes[k] + (i % 7) * 4096ul);
    for (int k = 0; k < 4; k++) {
      if (i < 100) highest = std::max(highest, reinterpret_cast<uptr>(at[k]));
      EXPECT_LE(reinterpret_cast<uptr>(at[k]), highest);
    }
    for (int k : {1, 0, 3, 2}) UnmapMemory(at[k], kSizes[k] + (i % 7) * 4096ul);
  }
}

struct Seen {
  bool code, stack;
};

TEST(AddressMap, OwnMappingsAreRead) {
  Seen seen = {};
  ForEachMapping(
      [](const Mapping& m, void* context) {
        auto* s = static_cast<Seen*>(context);
        const auto code = reinterpret_cast<uptr>(&Choose);
        const auto stack = reinterpret_cast<uptr>(context);
        if (code >= m.lo && code < m.hi) s->code = m.executable && !m.writable && m.path[0] == '/';
        if (stack >= m.lo && stack < m.hi) s->stack = m.writable && !m.executable;
        return true;
      },
      &seen);
  EXPECT_TRUE(seen.code);
  EXPECT_TRUE(seen.stack);
}

}  // namespace
}  // namespace csan
