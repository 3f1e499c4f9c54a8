#include "trace/chunk_pool.h"

#include "base/spin_lock.h"
#include "memory/arena.h"
#include "platform/platform.h"

namespace csan {
namespace trace {
namespace {

constinit SpinLock lock;
constinit LogChunk* free_chunks = nullptr;
constinit LogChunk* free_short_chunks = nullptr;
constinit u64 bytes_mapped = 0;

}  // namespace

LogChunk* NewChunk() {
  SpinGuard guard(lock);
  if (free_chunks == nullptr) {
    constexpr u32 kBatch = 64;
    LogChunk* batch = static_cast<LogChunk*>(MapMemory(sizeof(LogChunk) * kBatch, "history"));
    for (u32 i = kBatch; i-- > 0;) {
      batch[i].next = free_chunks;
      free_chunks = &batch[i];
    }
    bytes_mapped += sizeof(LogChunk) * kBatch;
  }
  LogChunk* chunk = free_chunks;
  free_chunks = chunk->next;
  chunk->next = nullptr;
  chunk->count = 0;
  chunk->packed = 0;
  return chunk;
}

LogChunk* NewShortChunk() {
  constexpr uptr kSize =
      sizeof(LogChunk) - (uptr{LogChunk::kEntries} - LogChunk::kShortEntries) * 8;
  static constinit Arena<kSize * 256> arena;
  SpinGuard guard(lock);
  LogChunk* chunk = free_short_chunks;
  if (chunk != nullptr) {
    free_short_chunks = chunk->next;
  } else {
    chunk = static_cast<LogChunk*>(arena.Take(kSize, "history"));
    bytes_mapped += kSize;
  }
  chunk->next = nullptr;
  chunk->count = 0;
  chunk->packed = 0;
  chunk->is_short = true;
  return chunk;
}

void FreeChunk(LogChunk* chunk) {
  SpinGuard guard(lock);
  LogChunk*& head = chunk->is_short ? free_short_chunks : free_chunks;
  chunk->next = head;
  head = chunk;
}

}  // namespace trace

u64 HistoryBytes() { return __atomic_load_n(&trace::bytes_mapped, __ATOMIC_RELAXED); }

}  // namespace csan
