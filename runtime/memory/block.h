// What is known of a block of the program's heap.
#pragma once

#include "base/types.h"

namespace csan {

enum class BlockState : u8 { kUnused, kLive, kFreed };

// Who had it. Those who freed it are of its last life until it has been freed again.
struct BlockUsers {
  u32 alloc_stack, alloc_actor;
  u32 free_stack, free_actor;
  u32 free_mark;  // what the hook that was told of its end left here
};

struct BlockInfo : BlockUsers {
  uptr begin;
  uptr size;  // as requested
  uptr usable;
  BlockState state;
};

}  // namespace csan
