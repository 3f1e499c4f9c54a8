#include "trace/log_chunk.h"

namespace csan {
namespace {

constexpr u8 kMarker = 0x20;
constexpr u32 kSiteShift = 3;
constexpr u32 kLengthMask = 7;
constexpr u32 kSiteLengthMask = 3;
constexpr u32 kMarkerBytes = 5;
constexpr u32 kMarkerId = (1u << kStackIdBits) - 1;  // in the place of a site
constexpr u64 kEpochPayload = (1ull << (32 - kMaskBits)) - 1;
static_assert(kStackIdBits <= 8 * kSiteLengthMask && LogHabits::kAddressBits <= 8 * kLengthMask);

// The bytes that a number needs; one for 0.
u32 BytesOf(u64 value) { return (71 - static_cast<u32>(__builtin_clzll(value | 1))) / 8; }
u64 Cut(u64 value, u32 bytes) { return value & ((1ull << 8 * bytes) - 1); }

u64 Load8(const u8* at) {
  u64 value;
  __builtin_memcpy(&value, at, sizeof(value));
  return value;
}
void Store8(u8* at, u64 value) { __builtin_memcpy(at, &value, sizeof(value)); }

// Signed distances, small ones first.
u64 Fold(u64 distance) {
  const u64 sign = distance >> (LogHabits::kAddressBits - 1) & 1;
  return ((distance << 1) ^ (0 - sign)) & LogHabits::kAddressMask;
}
u64 Unfold(u64 folded) { return ((folded >> 1) ^ (0 - (folded & 1))) & LogHabits::kAddressMask; }

}  // namespace

LogPacker::LogPacker(LogChunk* chunk) : chunk_(chunk) {
  if (chunk->packed == 0) {
    chunk->packed = 1;
    chunk->bytes = 0;
    chunk->last = 0;
  }
  LogUnpacker before(chunk, chunk->count);
  for (u64 entry; before.Next(&entry);) {
    if (LogHabits::SiteIn(entry) != kMarkerId) habits_.Take(entry, habits_.StepTo(entry));
  }
}

void LogPacker::PutMarker(u64 entry) {
  const u64 payload = Cut(entry >> kStackIdBits, kMarkerBytes);
  const u32 kind = static_cast<u32>(entry >> 62);
  if (kind == 0) {
    chunk_->last = static_cast<Word>(payload & kEpochPayload) << kMaskBits;
    if (chunk_->count == 0) chunk_->epoch = chunk_->last;
  }
  u8* const at = &chunk_->data[chunk_->bytes];
  *at = static_cast<u8>(kMarker | kind);
  Store8(at + 1, payload);
  chunk_->bytes = static_cast<u16>(chunk_->bytes + 1 + kMarkerBytes);
}

void LogPacker::PutOther(u64 entry, const LogHabits::Step& step) {
  run_ = nullptr;
  if (step.site == kMarkerId) return PutMarker(entry);
  const u32 site_bytes = step.site == habits_.Next().site ? 0 : BytesOf(step.site);
  const u64 distance = Fold(step.distance);
  const u32 distance_bytes = BytesOf(distance);
  u8* const at = &chunk_->data[chunk_->bytes];
  *at = static_cast<u8>(site_bytes << kSiteShift | distance_bytes);
  Store8(at + 1, step.site);
  Store8(at + 1 + site_bytes, distance);
  chunk_->bytes = static_cast<u16>(chunk_->bytes + 1 + site_bytes + distance_bytes);
  habits_.Take(entry, step);
}

u64 LogUnpacker::NextMarker(u8 form) {
  const u64 payload = Cut(Load8(&chunk_->data[at_]), kMarkerBytes);
  at_ += kMarkerBytes;
  return static_cast<u64>(form & 3) << 62 | payload << kStackIdBits | kMarkerId;
}

u64 LogUnpacker::NextForm() {
  const u8 form = chunk_->data[at_++];
  LogHabits::Step step = habits_.Next();
  if (form >= kLogExpected) {
    run_ = form & kLogRunMax;
    const u64 entry = habits_.EntryAfter(step);
    habits_.Follow(entry);
    return entry;
  }
  if ((form & kMarker) != 0) return NextMarker(form);
  const u32 site_bytes = form >> kSiteShift & kSiteLengthMask;
  const u32 distance_bytes = form & kLengthMask;
  if (site_bytes != 0) step.site = static_cast<u32>(Cut(Load8(&chunk_->data[at_]), site_bytes));
  at_ += site_bytes;
  step.distance = Unfold(Cut(Load8(&chunk_->data[at_]), distance_bytes));
  at_ += distance_bytes;
  const u64 entry = habits_.EntryAfter(step);
  habits_.Take(entry, step);
  return entry;
}

}  // namespace csan
