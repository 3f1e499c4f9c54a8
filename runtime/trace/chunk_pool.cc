#include "trace/chunk_pool.h"

#include "base/spin_lock.h"
#include "memory/arena.h"
#include "platform/platform.h"

namespace csan {
namespace trace {
namespace {

constinit SpinLock lock;
constinit LogChunk* free_chunks[LogChunk::kForms] = {};
constinit Arena<sizeof(LogChunk) * 64> full_chunks;
constinit Arena<64 << 10> short_chunks;
constinit u64 bytes_mapped = 0;

LogChunk* MapChunk(u32 form) {
  const uptr size = sizeof(LogChunk) - (uptr{LogChunk::kEntries} - LogChunk::kEntriesOf[form]) * 8;
  bytes_mapped += size;
  return static_cast<LogChunk*>(form == 0 ? full_chunks.Take(size, "history")
                                          : short_chunks.Take(size, "history"));
}

}  // namespace

LogChunk* NewChunk(u32 form) {
  SpinGuard guard(lock);
  LogChunk* chunk = free_chunks[form];
  if (chunk != nullptr) {
    free_chunks[form] = chunk->next;
  } else {
    chunk = MapChunk(form);
  }
  chunk->next = nullptr;
  chunk->count = 0;
  chunk->packed = 0;
  chunk->form = static_cast<u8>(form);
  return chunk;
}

LogChunk* NewChunkAfter(const LogChunk* last, u32 need) {
  u32 form = last == nullptr ? LogChunk::kForms - 1 : last->form == 0 ? 0u : last->form - 1u;
  while (form != 0 && need > LogChunk::kEntriesOf[form]) form--;
  return NewChunk(form);
}

void FreeChunk(LogChunk* chunk) {
  SpinGuard guard(lock);
  LogChunk*& head = free_chunks[chunk->form];
  chunk->next = head;
  head = chunk;
}

}  // namespace trace

u64 HistoryBytes() { return __atomic_load_n(&trace::bytes_mapped, __ATOMIC_RELAXED); }

}  // namespace csan
