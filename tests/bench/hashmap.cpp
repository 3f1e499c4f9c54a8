// Open addressing: each thread fills its own table and looks keys up in one that both only read.
#include <vector>

#include "common.h"

namespace {

class Table {
 public:
  explicit Table(size_t capacity) : entries_(capacity), mask_(capacity - 1) {}

  [[gnu::noinline]] const uint64_t* Find(uint64_t key) const {
    for (size_t i = Hash(key) & mask_; entries_[i].key != 0; i = (i + 1) & mask_) {
      if (entries_[i].key == key) return &entries_[i].value;
    }
    return nullptr;
  }

  [[gnu::noinline]] void Add(uint64_t key, uint64_t value) {
    if (size_ * 2 > entries_.size()) Grow();
    size_t i = Hash(key) & mask_;
    while (entries_[i].key != 0 && entries_[i].key != key) i = (i + 1) & mask_;
    if (entries_[i].key == 0) {
      entries_[i].key = key;
      size_++;
    }
    entries_[i].value += value;
  }

  size_t size() const { return size_; }

 private:
  struct Entry {
    uint64_t key = 0;
    uint64_t value = 0;
  };
  static uint64_t Hash(uint64_t key) {
    key *= 0x9E3779B97F4A7C15u;
    return key ^ (key >> 29);
  }
  [[gnu::noinline]] void Grow() {
    std::vector<Entry> old(entries_.size() * 2);
    old.swap(entries_);
    mask_ = entries_.size() - 1;
    for (const Entry& entry : old) {
      if (entry.key == 0) continue;
      size_t i = Hash(entry.key) & mask_;
      while (entries_[i].key != 0) i = (i + 1) & mask_;
      entries_[i] = entry;
    }
  }

  std::vector<Entry> entries_;
  size_t mask_;
  size_t size_ = 0;
};

}  // namespace

int main(int argc, char** argv) {
  const long operations = Scaled(2'000'000, argc, argv);
  Table shared(1 << 15);
  Random filling(12345);
  for (uint64_t i = 0; i < 12000; i++) shared.Add(filling.Next() % 20000 + 1, i);
  uint64_t sums[2] = {};
  InTwoThreads([&](int thread) {
    uint64_t sum = 0;
    for (int round = 0; round < 6; round++) {
      Table own(256);
      Random random(static_cast<uint64_t>(777 + thread + round));
      for (long i = 0; i < operations; i++) {
        own.Add(random.Next() % 30000 + 1, static_cast<uint64_t>(i));
        if (const uint64_t* found = shared.Find(random.Next() % 20000 + 1)) sum += *found;
      }
      sum += own.size();
    }
    sums[thread] = sum;
  });
  std::printf("%lu\n", sums[0] + sums[1]);
}
