#include "trace/log_chunk.h"

namespace csan {
namespace {

constexpr u8 kDistance = 0;
constexpr u8 kSiteAndDistance = 1;
constexpr u8 kMarker = 0x10;
constexpr u32 kMarkerPayloadBits = 40;
constexpr u32 kMarkerId = (1u << kStackIdBits) - 1;  // in the place of a site

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
  }
  LogUnpacker before(chunk, chunk->count);
  for (u64 entry; before.Next(&entry);) {
    if (LogHabits::SiteIn(entry) != kMarkerId) habits_.Take(entry, habits_.StepTo(entry));
  }
}

void LogPacker::Number(u64 value) {
  for (; value >= 0x80; value >>= 7) {
    chunk_->data[chunk_->bytes++] = static_cast<u8>(value | 0x80);
  }
  chunk_->data[chunk_->bytes++] = static_cast<u8>(value);
}

void LogPacker::PutOther(u64 entry, const LogHabits::Step& step) {
  run_ = nullptr;
  if (step.site == kMarkerId) {
    chunk_->data[chunk_->bytes++] = static_cast<u8>(kMarker | entry >> 62);
    Number(entry >> kStackIdBits & ((1ull << kMarkerPayloadBits) - 1));
    return;
  }
  const bool same_site = step.site == habits_.Next().site;
  chunk_->data[chunk_->bytes++] = same_site ? kDistance : kSiteAndDistance;
  if (!same_site) Number(step.site);
  Number(Fold(step.distance));
  habits_.Take(entry, step);
}

u64 LogUnpacker::Number() {
  u64 value = 0;
  for (u32 shift = 0;; shift += 7) {
    const u8 byte = chunk_->data[at_++];
    value |= static_cast<u64>(byte & 0x7F) << shift;
    if (byte < 0x80) return value;
  }
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
  if ((form & kMarker) != 0) {
    return static_cast<u64>(form & 3) << 62 | Number() << kStackIdBits | kMarkerId;
  }
  if (form == kSiteAndDistance) step.site = static_cast<u32>(Number());
  step.distance = Unfold(Number());
  const u64 entry = habits_.EntryAfter(step);
  habits_.Take(entry, step);
  return entry;
}

}  // namespace csan
