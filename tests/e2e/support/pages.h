// A range of memory of its own, and a write to each page of it that no sanitizer misses.
#pragma once

#include <sys/mman.h>

#include "order.h"

constexpr int kReadWrite = PROT_READ | PROT_WRITE;
constexpr int kPrivate = MAP_PRIVATE | MAP_ANONYMOUS;

// Writes to `size` new bytes on one thread, then does `meanwhile` and writes again on another; the bug
// leaves out what comes between. Both are given the memory.
template <typename First, typename Meanwhile, typename Second>
void WriteTwice(unsigned long size, First first, Meanwhile meanwhile, Second second) {
  auto* at = static_cast<char*>(mmap(nullptr, size, kReadWrite, kPrivate, -1, 0));
  InTurn(
      [=] {
        for (unsigned long i = 0; i < size; i += 4096) first(at + i);
      },
      [=] {
        if (!BUG) meanwhile(at, size);
        for (unsigned long i = 0; i < size; i += 4096) second(at + i);
      });
}
