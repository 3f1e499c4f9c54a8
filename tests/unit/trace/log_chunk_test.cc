// Packed chunks against the plain list of what was put there.
#include "trace/log_chunk.h"

#include <gtest/gtest.h>

#include <memory>
#include <random>
#include <vector>

#include "trace/history.h"

namespace csan {
namespace {

std::unique_ptr<LogChunk> Empty() { return std::make_unique<LogChunk>(); }

std::vector<u64> Unpack(const LogChunk& chunk) {
  std::vector<u64> entries;
  LogUnpacker unpacker(&chunk, chunk.count);
  for (u64 entry; unpacker.Next(&entry);) entries.push_back(entry);
  return entries;
}

// Objects whose fields are written one after another, with other things in between.
std::vector<u64> SomeEntries(u32 seed, u32 objects) {
  std::mt19937 random(seed);
  std::vector<u64> entries;
  uptr at = 0x7B0000000000;
  for (u32 i = 0; i < objects; i++) {
    at += random() % 8 == 0 ? (random() % 4096) * 4 - 8192 : 64;
    for (u32 field = 0; field < 6; field++)
      entries.push_back(LogEntry(at + field * 8, 100 + field));
    switch (random() % 16) {
      case 0:
        entries.push_back(LogEntry(0x550000000000 + random() * 4ull, random() % kMarkerSite));
        break;
      case 1:
        entries.push_back(LogMarker(Marker::kRun, RunPayload(random() % kRunCountMax, 8)));
        break;
      case 2:
        entries.push_back(SectionMarker(MakeWord(random() % kSlots, random() % kMaxEpoch, 0), 0));
        break;
    }
  }
  return entries;
}

TEST(LogChunk, GivesBackWhatWasPut) {
  for (u32 seed = 0; seed < 200; seed++) {
    auto chunk = Empty();
    LogPacker packer(chunk.get());
    std::vector<u64> put;
    for (const u64 entry : SomeEntries(seed, 400)) {
      if (!packer.Put(&entry, 1)) break;
      put.push_back(entry);
    }
    ASSERT_EQ(Unpack(*chunk), put) << "seed " << seed;
  }
}

TEST(LogChunk, ExtremesSurvive) {
  const std::vector<u64> entries = {LogEntry(0x7FFFFFFFFFFC, kMarkerSite - 1),
                                    LogEntry(0x550000000000, 1),
                                    LogMarker(Marker::kLength, (1ull << 40) - 1),
                                    LogMarker(Marker::kSection, 0),
                                    LogEntry(0x7FFFFFFFFFFC, 1),
                                    LogEntry(0x7FFFFFFFFFFC, 1)};
  auto chunk = Empty();
  LogPacker packer(chunk.get());
  for (const u64 entry : entries) ASSERT_TRUE(packer.Put(&entry, 1));
  EXPECT_EQ(Unpack(*chunk), entries);
}

TEST(LogChunk, GoesOnWhereAnotherPackerStopped) {
  const std::vector<u64> entries = SomeEntries(7, 40);
  auto at_once = Empty();
  LogPacker one(at_once.get());
  auto in_turns = Empty();
  for (const u64 entry : entries) {
    ASSERT_TRUE(one.Put(&entry, 1));
    LogPacker another(in_turns.get());
    ASSERT_TRUE(another.Put(&entry, 1));
  }
  EXPECT_EQ(Unpack(*in_turns), entries);
  // Only runs of expected entries are begun anew.
  EXPECT_LE(at_once->bytes, in_turns->bytes);
}

TEST(LogChunk, TakesAllOrNothing) {
  auto chunk = Empty();
  LogPacker packer(chunk.get());
  std::mt19937 random(3);
  std::vector<u64> put;
  for (;;) {
    const u64 pair[2] = {LogEntry(0x7A0000000000 + (random() & ~3u), random() % kMarkerSite),
                         LogMarker(Marker::kLength, random())};
    if (!packer.Put(pair, 2)) break;
    put.insert(put.end(), pair, pair + 2);
  }
  EXPECT_EQ(Unpack(*chunk), put);
  EXPECT_LE(chunk->bytes, LogChunk::kBytes);
}

TEST(LogChunk, NeverHoldsMoreThanCanBeUnpackedInOneGo) {
  auto chunk = Empty();
  LogPacker packer(chunk.get());
  for (u64 i = 0; i < 10'000; i++) {
    const u64 entry = LogEntry(0x7A0000000000 + i * 8, 5);
    if (!packer.Put(&entry, 1)) break;
  }
  EXPECT_EQ(chunk->count, LogChunk::kPackedMax);
}

TEST(LogChunk, HabitsTakeLittle) {
  auto chunk = Empty();
  LogPacker packer(chunk.get());
  const std::vector<u64> entries = SomeEntries(1, 200);
  for (const u64 entry : entries) ASSERT_TRUE(packer.Put(&entry, 1));
  EXPECT_LT(chunk->bytes, entries.size() * 2);
}

}  // namespace
}  // namespace csan
