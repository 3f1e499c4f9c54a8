#include "frame.h"

#include <array>
#include <mutex>
#include <unordered_set>

#include "llvm/ADT/Hashing.h"

namespace csan::common {
namespace {

struct Hash {
  size_t operator()(const Frame& frame) const {
    return llvm::hash_combine(frame.function.id(), frame.file.id(), frame.line, frame.column,
                              frame.module.id(), frame.offset, frame.coroutine.id());
  }
};

// As those of names.
struct Shard {
  std::mutex mutex;
  std::unordered_set<Frame, Hash> frames;
};
constexpr size_t kShards = 64;

}  // namespace

const Frame* Frames::Kept(const Frame& frame) {
  // Never destroyed, like names.
  static auto* shards = new std::array<Shard, kShards>;
  Shard& shard = (*shards)[(Hash()(frame) >> 16) % kShards];
  const std::lock_guard lock(shard.mutex);
  // Elements of an unordered set stay where they are.
  return &*shard.frames.insert(frame).first;
}

}  // namespace csan::common
