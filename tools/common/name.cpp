#include "name.h"

#include <array>
#include <mutex>

#include "llvm/ADT/StringSet.h"
#include "llvm/Support/Allocator.h"

namespace csan::common {
namespace {

// Several, so that threads that read files seldom wait for each other.
struct Shard {
  std::mutex mutex;
  llvm::StringSet<llvm::BumpPtrAllocator> texts;
};
constexpr size_t kShards = 64;

}  // namespace

Name::Name(llvm::StringRef text) {
  // Never destroyed: names may be needed until the very end.
  static auto* shards = new std::array<Shard, kShards>;
  if (text.empty()) return;
  // The high bits, because the low ones choose the bucket.
  const uint32_t hash = llvm::StringMapImpl::hash(text);
  Shard& shard = (*shards)[(hash >> 16) % kShards];
  const std::lock_guard lock(shard.mutex);
  entry_ = &*shard.texts.try_emplace_with_hash(text, hash).first;
}

}  // namespace csan::common
