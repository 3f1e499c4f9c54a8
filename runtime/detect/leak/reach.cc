#include "detect/leak/reach.h"

#include "base/string.h"

namespace csan::leak {
namespace {

constexpr uptr kPage = 4096;

// Short ones, and the rest of long ones.
template <typename T>
void InsertionSort(T* at, u32 n) {
  for (u32 i = 1; i < n; i++) {
    const T moved = at[i];
    u32 k = i;
    for (; k > 0 && Lowest(moved) < Lowest(at[k - 1]); k--) at[k] = at[k - 1];
    at[k] = moved;
  }
}

template <typename T>
void Swap(T* a, T* b) {
  const T t = *a;
  *a = *b;
  *b = t;
}

// Parts an array, by the median of three, into what is not above and what is not below at[result].
template <typename T>
u32 Partition(T* at, u32 n) {
  const u32 middle = n / 2;
  if (Lowest(at[middle]) < Lowest(at[0])) Swap(&at[middle], &at[0]);
  if (Lowest(at[n - 1]) < Lowest(at[0])) Swap(&at[n - 1], &at[0]);
  if (Lowest(at[n - 1]) < Lowest(at[middle])) Swap(&at[n - 1], &at[middle]);
  Swap(&at[middle], &at[n - 2]);
  const uptr pivot = Lowest(at[n - 2]);
  u32 lo = 0;
  u32 hi = n - 2;
  for (;;) {
    while (Lowest(at[++lo]) < pivot) {
    }
    while (pivot < Lowest(at[--hi])) {
    }
    if (lo >= hi) break;
    Swap(&at[lo], &at[hi]);
  }
  Swap(&at[lo], &at[n - 2]);
  return lo;
}

// Quicksort: of two parts the larger waits, so that a few places do.
template <typename T>
void Sort(T* at, u32 n) {
  constexpr u32 kFew = 16;
  struct Part {
    T* at;
    u32 n;
  } waiting[32];
  u32 parts = 0;
  for (Part now = {at, n};;) {
    if (now.n <= kFew) {
      InsertionSort(now.at, now.n);
      if (parts == 0) return;
      now = waiting[--parts];
      continue;
    }
    const u32 middle = Partition(now.at, now.n);
    const Part low = {now.at, middle};
    const Part high = {now.at + middle + 1, now.n - middle - 1};
    waiting[parts++] = low.n < high.n ? high : low;
    now = low.n < high.n ? low : high;
  }
}

bool Within(AddressRange range, uptr addr) { return addr - range.lo < range.hi - range.lo; }

template <typename T>
T* Map(uptr count) {
  return static_cast<T*>(TryMap((count + 1) * sizeof(T)));
}
template <typename T>
void Unmap(T* at, uptr count) {
  if (at != nullptr) UnmapMemory(at, (count + 1) * sizeof(T));
}

}  // namespace

bool Reach::Open(u32 stacks) {
  CountBlocks(&census_);
  marks_size_ = census_.blocks / 64 + 1;
  marks_ = Map<u64>(marks_size_);
  large_ = Map<LargeBlock>(census_.large);
  large_marked_ = Map<bool>(census_.large);
  stack_room_ = stacks;
  stacks_ = Map<WaitingStack>(stacks);
  holders_ = Map<StackHolder>(stacks);
  u32 own = 0;
  OwnMemory(&own);
  excluded_room_ = own + census_.large + 4 * stacks + kExtra;
  excluded_ = Map<AddressRange>(excluded_room_);
  todo_size_ = census_.blocks + census_.large + 3ul * stacks + 1;
  todo_ = Map<AddressRange>(todo_size_);
  pagemap_ = OpenRead("/proc/self/pagemap");
  stack_count_ = holder_count_ = excluded_count_ = 0;
  todo_count_ = 0;
  ahead_next_ = 0;
  for (uptr& word : ahead_) word = 0;
  kernel_keeps_ = false;
  if (marks_ == nullptr || large_ == nullptr || large_marked_ == nullptr || stacks_ == nullptr ||
      holders_ == nullptr || excluded_ == nullptr || todo_ == nullptr || pagemap_ < 0 ||
      !OwnMemoryIsComplete()) {
    Close();
    return false;
  }
  ListLargeBlocks(large_);
  Sort(large_, census_.large);
  for (u32 i = 0; i < census_.large; i++) Exclude(large_[i].mapping);
  if (census_.large != 0) large_span_ = {large_[0].block.lo, large_[census_.large - 1].block.hi};
  return true;
}

void Reach::Close() {
  Unmap(marks_, marks_size_);
  Unmap(large_, census_.large);
  Unmap(large_marked_, census_.large);
  Unmap(stacks_, stack_room_);
  Unmap(holders_, stack_room_);
  Unmap(excluded_, excluded_room_);
  Unmap(todo_, todo_size_);
  if (pagemap_ >= 0) CloseFd(pagemap_);
}

void Reach::Exclude(AddressRange range) {
  if (range.lo >= range.hi) return;
  if (excluded_count_ != 0) {
    // Stacks mostly come in the order of their addresses, one next to the other.
    AddressRange& last = excluded_[excluded_count_ - 1];
    if (range.lo <= last.hi && range.hi >= last.lo) {
      if (range.lo < last.lo) last.lo = range.lo;
      if (range.hi > last.hi) last.hi = range.hi;
      return;
    }
  }
  if (excluded_count_ < excluded_room_) excluded_[excluded_count_++] = range;
}

void Reach::AddStack(AddressRange range, AddressRange record) {
  if (range.lo < range.hi && stack_count_ < stack_room_)
    stacks_[stack_count_++] = {range, record, false};
}

bool Reach::HeapBlockAt(uptr addr, AddressRange* block) const {
  u64 number;
  if (Within(census_.regions, addr)) return FindSmallBlock(census_, addr, &number, block);
  const LargeBlock* large = LargeAt(addr);
  if (large == nullptr || !large->live) return false;
  *block = large->block;
  return true;
}

bool Reach::AddFiberStack(AddressRange range, AddressRange record) {
  if (!Within(census_.regions, range.lo) && LargeAt(range.lo) == nullptr) {
    Exclude(range);
    AddStack(range, record);
    return true;
  }
  AddressRange block;
  if (!HeapBlockAt(range.lo, &block) || range.hi > block.hi) return false;
  if (holder_count_ < stack_room_) holders_[holder_count_++] = {block, false};
  AddStack(range, record);
  return true;
}

void Reach::Settle() {
  u32 own = 0;
  const AddressRange* ranges = OwnMemory(&own);
  for (u32 i = 0; i < own; i++) Exclude(ranges[i]);
  Sort(excluded_, excluded_count_);
  u32 apart = 0;
  for (u32 i = 0; i < excluded_count_; i++) {
    if (apart != 0 && excluded_[i].lo <= excluded_[apart - 1].hi) {
      if (excluded_[i].hi > excluded_[apart - 1].hi) excluded_[apart - 1].hi = excluded_[i].hi;
    } else {
      excluded_[apart++] = excluded_[i];
    }
  }
  excluded_count_ = apart;
  Sort(stacks_, stack_count_);
  if (stack_count_ != 0) stack_span_ = {stacks_[0].range.lo, stacks_[stack_count_ - 1].range.hi};
  SettleHolders();
}

void Reach::SettleHolders() {
  holder_span_ = {};
  if (holder_count_ == 0) return;
  Sort(holders_, holder_count_);
  u32 different = 1;
  for (u32 i = 1; i < holder_count_; i++) {
    if (holders_[i].block.lo != holders_[different - 1].block.lo)
      holders_[different++] = holders_[i];
  }
  holder_count_ = different;
  holder_span_ = {holders_[0].block.lo, holders_[different - 1].block.hi};
}

bool Reach::Excluded(uptr addr) const {
  const u32 i = FindBelow(excluded_, excluded_count_, addr);
  return i < excluded_count_ && Within(excluded_[i], addr);
}

bool Reach::Mark(u64 number) {
  const u64 bit = 1ull << (number & 63);
  u64& word = marks_[number / 64];
  if ((word & bit) != 0) return false;
  word |= bit;
  return true;
}

WaitingStack* Reach::StackAt(uptr addr) const {
  if (!Within(stack_span_, addr)) return nullptr;
  const u32 i = FindBelow(stacks_, stack_count_, addr);
  return i < stack_count_ && addr < stacks_[i].range.hi ? &stacks_[i] : nullptr;
}

LargeBlock* Reach::LargeAt(uptr addr) const {
  if (!Within(large_span_, addr)) return nullptr;
  const u32 i = FindBelow(large_, census_.large, addr);
  return i < census_.large && addr < large_[i].block.hi ? &large_[i] : nullptr;
}

StackHolder* Reach::HolderAt(uptr addr) const {
  if (!Within(holder_span_, addr)) return nullptr;
  const u32 i = FindBelow(holders_, holder_count_, addr);
  return i < holder_count_ && addr < holders_[i].block.hi ? &holders_[i] : nullptr;
}

void Reach::ReachStack(WaitingStack* stack, uptr word) {
  if (stack->reached || Within(stack->record, word)) return;
  stack->reached = true;
  Push(stack->range);
}

// All but the stacks.
void Reach::ReachHolder(StackHolder* holder) {
  if (holder->reached) return;
  holder->reached = true;
  uptr lo = holder->block.lo;
  u32 i = FindBelow(stacks_, stack_count_, lo);
  if (i == stack_count_) i = 0;
  for (; i < stack_count_ && stacks_[i].range.lo < holder->block.hi; i++) {
    const AddressRange stack = stacks_[i].range;
    if (stack.hi <= lo) continue;
    if (stack.lo > lo) Push({lo, stack.lo});
    lo = stack.hi;
  }
  if (lo < holder->block.hi) Push({lo, holder->block.hi});
}

// False if the word points to nothing like it.
bool Reach::SearchHolder(uptr word) {
  StackHolder* const holder = HolderAt(word);
  if (holder == nullptr) return false;
  if (WaitingStack* stack = StackAt(word)) {
    ReachStack(stack, word);
  } else {
    ReachHolder(holder);
  }
  return true;
}

void Reach::SearchHolders() {
  for (u32 i = 0; i < holder_count_; i++) ReachHolder(&holders_[i]);
}

void Reach::SearchSmall(uptr word) {
  u64 number;
  AddressRange block;
  if (FindSmallBlock(census_, word, &number, &block) && Mark(number)) Push(block);
}

void Reach::SearchAhead(uptr word) {
  SmallBlockNumber block;
  // Half of all pointers lead to what has been found before: the bit is in the cache, the block is not.
  if (!NumberSmallBlock(census_, word, &block) || Marked(block.number)) return;
  __builtin_prefetch(block.meta);
  __builtin_prefetch(reinterpret_cast<const void*>(word));
  const uptr before = ahead_[ahead_next_];
  ahead_[ahead_next_] = word;
  ahead_next_ = (ahead_next_ + 1) % kAhead;
  if (before != 0) SearchSmall(before);
}

void Reach::SearchWord(uptr word) {
  if (CSAN_UNLIKELY(Within(holder_span_, word)) && SearchHolder(word)) return;
  if (Within(census_.regions, word)) {
    SearchAhead(word);
  } else if (const LargeBlock* large = LargeAt(word)) {
    const auto i = static_cast<u32>(large - large_);
    if (large->live && !large_marked_[i]) Push(large->block);
    large_marked_[i] = true;
  } else if (WaitingStack* stack = StackAt(word)) {
    ReachStack(stack, word);
  }
}

void Reach::LeaveOut(uptr block) {
  u64 number;
  AddressRange range;
  if (FindSmallBlock(census_, block, &number, &range)) Mark(number);
}

void Reach::SearchWords(uptr lo, uptr hi) {
  for (uptr at = (lo + 7) & ~7ull; at + 8 <= hi; at += 8) SearchWord(*reinterpret_cast<uptr*>(at));
}

void Reach::SearchPages(AddressRange range) {
  if (range.hi <= range.lo) return;
  constexpr u32 kBatch = 512;
  constexpr u64 kPresentOrSwapped = 3ull << 62;
  u64 entry[kBatch];
  for (uptr page = range.lo / kPage; page * kPage < range.hi;) {
    const uptr left = (range.hi + kPage - 1) / kPage - page;
    const uptr n = left < kBatch ? left : kBatch;
    const sptr got = ReadFdAt(pagemap_, entry, n * 8, page * 8);
    if (got <= 0) return;
    for (uptr i = 0; i < static_cast<uptr>(got) / 8; i++, page++) {
      if ((entry[i] & kPresentOrSwapped) == 0) continue;
      const uptr lo = page * kPage > range.lo ? page * kPage : range.lo;
      const uptr hi = (page + 1) * kPage < range.hi ? (page + 1) * kPage : range.hi;
      SearchWords(lo, hi);
    }
  }
}

void Reach::SearchRoot(AddressRange range) {
  u32 i = FindBelow(excluded_, excluded_count_, range.lo);
  if (i == excluded_count_) i = 0;
  for (; i < excluded_count_ && excluded_[i].lo < range.hi; i++) {
    if (excluded_[i].lo > range.lo) SearchPages({range.lo, excluded_[i].lo});
    if (excluded_[i].hi > range.lo) range.lo = excluded_[i].hi;
  }
  if (range.lo < range.hi) SearchPages(range);
}

void Reach::SearchMappings() {
  ForEachMapping(
      [](const Mapping& m, void* self) {
        // What was submitted there and has not completed is known to the kernel alone.
        if (StrFind(m.path, "[io_uring]") != nullptr || StartsWith(m.path, "/[aio]"))
          static_cast<Reach*>(self)->kernel_keeps_ = true;
        // Reading from a device may do something.
        const bool device = StartsWith(m.path, "/dev/") && !StartsWith(m.path, "/dev/shm/") &&
                            !StartsWith(m.path, "/dev/zero");
        if (m.readable && m.writable && !device)
          static_cast<Reach*>(self)->SearchRoot({m.lo, m.hi});
        return true;
      },
      this);
}

void Reach::Follow() {
  constexpr uptr kSparse = 64 << 10;
  for (u32 empty = 0; todo_count_ != 0 || empty < kAhead;) {
    if (todo_count_ == 0) {
      SearchSmall(ahead_[ahead_next_]);
      ahead_[ahead_next_] = 0;
      ahead_next_ = (ahead_next_ + 1) % kAhead;
      empty++;
      continue;
    }
    empty = 0;
    const AddressRange range = todo_[--todo_count_];
    if (range.hi - range.lo < kSparse) {
      SearchWords(range.lo, range.hi);
    } else {
      SearchPages(range);
    }
  }
}

void Reach::ForEachUnreached(bool large, void (*visit)(AddressRange block, void* context),
                             void* context) {
  struct Visit {
    const Reach* self;
    void (*visit)(AddressRange block, void* context);
    void* context;
  } both = {this, visit, context};
  ForEachSmallBlock(
      census_,
      [](u64 number, AddressRange block, void* v) {
        const auto* to = static_cast<const Visit*>(v);
        if (!to->self->Marked(number) && to->self->HolderAt(block.lo) == nullptr)
          to->visit(block, to->context);
      },
      &both);
  for (u32 i = 0; large && i < census_.large; i++) {
    if (large_[i].live && !large_marked_[i] && HolderAt(large_[i].block.lo) == nullptr)
      visit(large_[i].block, context);
  }
}

bool Reach::Reached(uptr object) const {
  if (object == 0) return false;
  if (const StackHolder* holder = HolderAt(object)) {
    const WaitingStack* stack = StackAt(object);
    return stack != nullptr ? stack->reached : holder->reached;
  }
  if (Within(census_.regions, object)) {
    u64 number;
    AddressRange block;
    return !FindSmallBlock(census_, object, &number, &block) || Marked(number);
  }
  if (const LargeBlock* large = LargeAt(object)) return large_marked_[large - large_];
  if (const WaitingStack* stack = StackAt(object)) return stack->reached;
  return true;
}

}  // namespace csan::leak
