#include "stack.h"

#include <sys/mman.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <mutex>
#include <new>
#include <vector>

#include "futex.h"
#include "hooks.h"

namespace csan::inline go_v1::internal {
namespace {

constexpr std::size_t kPage = 4096;
constexpr std::size_t kStacksPerSlab = 64;
constexpr std::size_t kCanaryWords = 8;
constexpr std::size_t kCanarySize = kCanaryWords * sizeof(std::uint64_t);
constexpr std::uint64_t kCanary = 0xC5A4'57AC'C0DE'F00D;
constexpr std::size_t kWaitingUntouched = 512;
// Not in Debian 12's linux/mman.h yet.
constexpr int kMadvGuardInstall = 102;

std::size_t SizeFromEnvironment() {
  constexpr std::size_t kDefault = 256 << 10, kLeast = 16 << 10;
  const char* const text = std::getenv("CSAN_GO_STACK_KB");
  const std::size_t asked = text != nullptr ? std::strtoul(text, nullptr, 10) << 10 : 0;
  return std::max(((asked == 0 ? kDefault : asked) + kPage - 1) & ~(kPage - 1), kLeast);
}

std::size_t MappingsForGuards() {
  std::size_t limit = 65530;
  if (std::ifstream file("/proc/sys/vm/max_map_count"); !(file >> limit)) limit = 65530;
  // A guard is a mapping, and so is the stack above it.
  return limit / 4;
}

std::uint64_t* CanaryBelow(char* base) {
  return reinterpret_cast<std::uint64_t*>(base - kCanarySize);
}

}  // namespace

class Slabs {
 public:
  Stack Take() {
    const std::lock_guard guard(lock_);
    if (waiting_.empty()) Map();
    const Stack stack = waiting_.back();
    waiting_.pop_back();
    return stack;
  }

  void Give(Stack stack) {
    bool untouched = false;
    {
      const std::lock_guard guard(lock_);
      untouched = waiting_.size() >= kWaitingUntouched;
      if (!untouched) waiting_.push_back(stack);
    }
    if (!untouched) return;
    // The canary of the stack above must stay where one is looked at.
    madvise(stack.base() + kPage, Stack::Size() - kPage - (marks_ ? 0 : kPage), MADV_DONTNEED);
    const std::lock_guard guard(lock_);
    waiting_.push_back(stack);
  }

 private:
  void Map() {
    const std::size_t size = Stack::Size();
    // Below the first stack is room for its canary.
    const std::size_t whole = kPage + kStacksPerSlab * size;
    {
      CSAN_GO_OWN;
      waiting_.reserve(mapped_ + kStacksPerSlab);
    }
    void* const at = mmap(nullptr, whole, PROT_READ | PROT_WRITE,
                          MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_STACK, -1, 0);
    if (at == MAP_FAILED) throw std::bad_alloc();
    hooks::StacksMapped(at, whole);
    mapped_ += kStacksPerSlab;
    // A huge page would be in memory as soon as one of eight stacks is touched.
    madvise(at, whole, MADV_NOHUGEPAGE);
    for (std::size_t i = kStacksPerSlab; i-- > 0;) {
      char* const base = static_cast<char*>(at) + kPage + i * size;
      const bool guarded = Guard(base);
      if (!guarded) std::fill_n(CanaryBelow(base), kCanaryWords, kCanary);
      waiting_.push_back(Stack(base, guarded));
    }
  }

  bool Guard(char* base) {
    if (marks_ && madvise(base, kPage, kMadvGuardInstall) == 0) return true;
    if (marks_) mappings_left_ = MappingsForGuards();
    marks_ = false;
    if (mappings_left_ == 0 || mprotect(base, kPage, PROT_NONE) != 0) return false;
    mappings_left_--;
    return true;
  }

  SpinLock lock_;
  std::vector<Stack> waiting_;  // has room for all that are mapped
  std::size_t mapped_ = 0;
  bool marks_ = true;  // as long as the kernel marks guards without mappings
  std::size_t mappings_left_ = 0;
};

namespace {

// Never destroyed: goroutines may run until the process is gone.
Slabs& TheSlabs() {
  static auto* const slabs = new Slabs;
  return *slabs;
}

}  // namespace

std::size_t Stack::Size() {
  static const std::size_t size = SizeFromEnvironment();
  return size;
}

char* Stack::low() const { return base() + kPage; }
char* Stack::top() const { return base() + Size() - kCanarySize; }

bool Stack::Intact() const {
  return guarded() || std::all_of(CanaryBelow(base()), CanaryBelow(base()) + kCanaryWords,
                                  [](std::uint64_t word) { return word == kCanary; });
}

Stack Stack::Take() { return TheSlabs().Take(); }
void Stack::Give() const { TheSlabs().Give(*this); }

}  // namespace csan::inline go_v1::internal
