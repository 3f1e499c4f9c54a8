#include "shadow/word_set.h"

#include "base/spin_lock.h"
#include "platform/platform.h"

namespace csan {
namespace {

// A set in the arena: {count, hash, next, words...}, named by its offset in u32.
constexpr u32 kArenaWords = 1u << kSetIndexBits;
constexpr u32 kBuckets = 1u << 16;
constexpr u32 kHeader = 3;

constinit u32* arena = nullptr;
constinit u32* buckets = nullptr;
constinit u32 top = 1;
constinit u64 sets = 0;
constinit SpinLock intern_lock;

bool Matches(u32 set, u32 hash, const WordList& list) {
  if (arena[set + 1] != hash || arena[set] != list.n) return false;
  for (u32 i = 0; i < list.n; i++) {
    if (arena[set + kHeader + i] != list.at[i]) return false;
  }
  return true;
}

void Sort(WordList* list) {
  for (u32 i = 1; i < list->n; i++) {
    const Word w = list->at[i];
    u32 j = i;
    for (; j > 0 && list->at[j - 1] > w; j--) list->at[j] = list->at[j - 1];
    list->at[j] = w;
  }
}

}  // namespace

void InitWordSets() {
  arena = static_cast<u32*>(MapMemory(sizeof(u32) * static_cast<uptr>(kArenaWords), "word sets"));
  buckets = static_cast<u32*>(MapMemory(sizeof(u32) * kBuckets, "the index of word sets"));
}

void Expand(Word w, WordList* list) {
  if (w == 0) return;
  if (IsPlain(w)) {
    list->Add(w);
  } else if (IsSet(w)) {
    const u32 set = SetIndex(w);
    for (u32 i = 0; i < arena[set]; i++) list->Add(arena[set + kHeader + i]);
  }
}

Word Intern(WordList* list, bool create) {
  if (list->n == 0) return 0;
  if (list->n == 1) return list->at[0];
  Sort(list);
  u32 hash = list->n;
  for (u32 i = 0; i < list->n; i++) hash = (hash ^ list->at[i]) * 0x9E3779B1u;
  u32* bucket = &buckets[hash >> 16];
  SpinGuard guard(intern_lock);
  for (u32 set = *bucket; set != 0; set = arena[set + 2]) {
    if (Matches(set, hash, *list)) return kSetTag | set;
  }
  if (!create || top + kHeader + list->n > kArenaWords) return kNoEpoch;
  const u32 set = top;
  top += kHeader + list->n;
  arena[set] = list->n;
  arena[set + 1] = hash;
  arena[set + 2] = *bucket;
  for (u32 i = 0; i < list->n; i++) arena[set + kHeader + i] = list->at[i];
  __atomic_store_n(bucket, set, __ATOMIC_RELEASE);
  sets++;
  return kSetTag | set;
}

bool FewWordSets() { return __atomic_load_n(&top, __ATOMIC_RELAXED) < (1u << 16); }

u64 WordSetsInUse() { return __atomic_load_n(&sets, __ATOMIC_RELAXED); }

}  // namespace csan
