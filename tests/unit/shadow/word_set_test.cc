#include "shadow/word_set.h"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <map>
#include <random>
#include <set>
#include <vector>

namespace csan {
namespace {

using Words = std::set<Word>;

void InitOnce() {
  static const bool done = (InitWordSets(), true);
  static_cast<void>(done);
}

Words Expanded(Word w) {
  WordList list;
  Expand(w, &list);
  Words words(list.at, list.at + list.n);
  EXPECT_EQ(words.size(), list.n) << "a word is there twice";
  return words;
}

// In an order of its own each time: a set has none.
Word InternShuffled(const Words& words, bool create, std::mt19937& random) {
  std::vector<Word> order(words.begin(), words.end());
  std::shuffle(order.begin(), order.end(), random);
  WordList list;
  for (const Word w : order) list.Add(w);
  return Intern(&list, create);
}

Words RandomWords(std::mt19937& random, u32 count, u32 slots) {
  Words words;
  for (u32 i = 0; i < count; i++) {
    words.insert(MakeWord(random() % slots, 1 + random() % 4, 1 + random() % kFullMask));
  }
  return words;
}

TEST(WordSet, NoneAndOneNeedNoSet) {
  InitOnce();
  WordList none;
  EXPECT_EQ(Intern(&none, true), 0u);
  EXPECT_TRUE(Expanded(0).empty());
  WordList one;
  one.Add(MakeWord(3, 5, 9));
  EXPECT_EQ(Intern(&one, false), MakeWord(3, 5, 9));
  EXPECT_EQ(Expanded(MakeWord(3, 5, 9)), Words{MakeWord(3, 5, 9)});
}

TEST(WordSet, CellsAndFreedMemoryStandForNoWords) {
  InitOnce();
  EXPECT_TRUE(Expanded(kFreed).empty());
  EXPECT_TRUE(Expanded(kCellTag | 12).empty());
}

TEST(WordSet, EqualSetsAndOnlyTheyHaveOneName) {
  InitOnce();
  std::mt19937 random(3);
  std::map<Words, Word> named;
  std::map<Word, Words> meaning;
  const u64 before = WordSetsInUse();
  for (int i = 0; i < 20000; i++) {
    const Words words = RandomWords(random, 2 + random() % (i % 50 == 0 ? 300 : 3), 4);
    if (words.size() < 2) continue;
    const auto known = named.find(words);
    const Word found = InternShuffled(words, false, random);
    if (known != named.end()) {
      ASSERT_EQ(found, known->second);
    } else {
      ASSERT_TRUE(found == kNoEpoch || named.empty() || meaning.count(found) == 0);
    }
    const Word name = InternShuffled(words, true, random);
    ASSERT_TRUE(IsSet(name));
    if (known != named.end()) {
      ASSERT_EQ(name, known->second);
    } else {
      ASSERT_TRUE(meaning.emplace(name, words).second) << "two sets have one name";
      named.emplace(words, name);
    }
  }
  for (const auto& [name, words] : meaning) ASSERT_EQ(Expanded(name), words);
  EXPECT_LE(WordSetsInUse() - before, named.size());
  EXPECT_GE(WordSetsInUse(), named.size());
}

TEST(WordSet, ListsKeepWhatFits) {
  WordList list;
  for (u32 i = 0; i < WordList::kCapacity + 10; i++) list.Add(MakeWord(1, 1 + i, 1));
  EXPECT_EQ(list.n, u32{WordList::kCapacity});
  const WordList copy = list;
  EXPECT_EQ(copy.n, list.n);
  EXPECT_TRUE(std::equal(copy.at, copy.at + copy.n, list.at));
}

// In a child, for it fills the arena.
TEST(WordSet, AFullArenaRefusesAndKeepsWhatItHas) {
  const pid_t child = fork();
  if (child == 0) {
    InitOnce();
    const auto big = [](u32 epoch) {
      WordList list;
      for (u32 slot = 0; slot < kSlots; slot++) {
        for (u32 k = 0; k < 4; k++) list.Add(MakeWord(slot, epoch + k, 1));
      }
      return list;
    };
    WordList first = big(1);
    const Word named = Intern(&first, true);
    constexpr u32 kMore = (1u << kSetIndexBits) / (4 * kSlots) + 10;
    u32 epoch = 2;
    for (; epoch < kMore; epoch++) {
      WordList list = big(epoch);
      if (Intern(&list, true) == kNoEpoch) break;
    }
    const bool full = epoch > kMore / 2 && epoch < kMore && !FewWordSets();
    const bool kept = Intern(&first, false) == named && IsSet(named);
    WordList one;
    one.Add(MakeWord(1, 1, 1));
    _exit(full && kept && Intern(&one, true) == MakeWord(1, 1, 1) ? 0 : 1);
  }
  int status = -1;
  waitpid(child, &status, 0);
  EXPECT_EQ(status, 0);
}

}  // namespace
}  // namespace csan
